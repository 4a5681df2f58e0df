from ecoctrl_gql.db.repositories.single_row import SingleRowRepository
from ecoctrl_gql.db.tables.dashboard_models import DashboardModelRow


class DashboardModelRepository(SingleRowRepository[DashboardModelRow]):
    row_type = DashboardModelRow
    name = "3D scene"
