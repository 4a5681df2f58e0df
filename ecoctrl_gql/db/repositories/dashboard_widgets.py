from ecoctrl_gql.db.repositories.base import Repository
from ecoctrl_gql.db.tables.dashboard_widgets import DashboardWidgetRow


class DashboardWidgetRepository(Repository[DashboardWidgetRow]):
    row_type = DashboardWidgetRow
    name = "widget"
