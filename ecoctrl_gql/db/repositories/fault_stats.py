from ecoctrl_gql.db.repositories.single_row import SingleRowRepository
from ecoctrl_gql.db.tables.fault_stats import FaultStatsRow


class FaultStatsRepository(SingleRowRepository[FaultStatsRow]):
    row_type = FaultStatsRow
    name = "fault statistics"
