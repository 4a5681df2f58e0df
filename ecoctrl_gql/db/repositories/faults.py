from ecoctrl_gql.db.repositories.base import Repository
from ecoctrl_gql.db.tables.faults import FaultRow


class FaultRepository(Repository[FaultRow]):
    row_type = FaultRow
    name = "fault"
