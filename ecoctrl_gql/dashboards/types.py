from ecoctrl_gql.api.access import ANYONE
from ecoctrl_gql.api.node import Node, auto, node_type
from ecoctrl_gql.db.tables import DashboardModelRow, DashboardWidgetRow


@node_type(DashboardWidgetRow)
class DashboardWidget(Node):
    metric_key: auto
    icon: auto
    layout_x: auto
    layout_y: auto
    layout_w: auto
    layout_h: auto
    data_type: auto
    data_json: auto
    enabled: auto
    hidden: auto
    sort_order: auto
    created_at: auto


@node_type(DashboardModelRow, rule=ANYONE)
class DashboardModel(Node):
    model_file_url: auto
    camera_preset: auto
    ambient_light_intensity: auto
    hotspots: auto
    labels: auto
    updated_at: auto
