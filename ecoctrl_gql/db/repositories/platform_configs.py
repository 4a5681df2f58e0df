from ecoctrl_gql.db.repositories.single_row import SingleRowRepository
from ecoctrl_gql.db.tables.platform_configs import PlatformConfigRow


class PlatformConfigRepository(SingleRowRepository[PlatformConfigRow]):
    row_type = PlatformConfigRow
    name = "platform configuration"
