import strawberry

from ecoctrl_gql.api.access import ANYONE
from ecoctrl_gql.api.roots import all_rows, by_id, only_row
from ecoctrl_gql.dashboards.types import DashboardModel, DashboardWidget


@strawberry.type
class DashboardQuery:
    dashboard_widget = by_id(DashboardWidget, "One card of the dashboard.")
    dashboard_widgets = all_rows(
        DashboardWidget, "The cards of the dashboard, in their order.", sort="sort_order"
    )
    dashboard_model = only_row(
        DashboardModel, "The 3D scene of the portal; null before one is set up.", rule=ANYONE
    )
