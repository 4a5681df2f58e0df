from ecoctrl_gql.db.repositories.base import Repository
from ecoctrl_gql.db.tables.report_templates import ReportTemplateRow


class ReportTemplateRepository(Repository[ReportTemplateRow]):
    row_type = ReportTemplateRow
    name = "report template"
