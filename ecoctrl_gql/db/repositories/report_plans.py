from ecoctrl_gql.db.repositories.base import Repository
from ecoctrl_gql.db.tables.report_plans import ReportPlanRow


class ReportPlanRepository(Repository[ReportPlanRow]):
    row_type = ReportPlanRow
    name = "report plan"
