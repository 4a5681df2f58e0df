from ecoctrl_gql.api.listing import Listing
from ecoctrl_gql.api.node import Node, auto, node_type
from ecoctrl_gql.db.keyset import Order
from ecoctrl_gql.db.tables import ReportPlanRow, ReportTemplateRow


@node_type(ReportPlanRow)
class ReportPlan(Node):
    name: auto
    receiver: auto
    frequency: auto
    status: auto


@node_type(ReportTemplateRow)
class ReportTemplate(Node):
    name: auto
    count: auto
    icon: auto


REPORT_PLANS = Listing(
    ReportPlan,
    filters=("id", "name", "receiver", "frequency", "status"),
    orders=("name",),
    default=Order("name"),
)

REPORT_TEMPLATES = Listing(ReportTemplate, filters=("id", "name"), orders=("id",), default=Order("id"))
