import strawberry

from ecoctrl_gql.api.roots import by_id
from ecoctrl_gql.reports.types import REPORT_PLANS, REPORT_TEMPLATES, ReportPlan, ReportTemplate


@strawberry.type
class ReportQuery:
    report_plan = by_id(ReportPlan, "One planned report.")
    report_plans = REPORT_PLANS.field("Planned reports, by name.")
    report_template = by_id(ReportTemplate, "One report form.")
    report_templates = REPORT_TEMPLATES.field("The report forms.")
