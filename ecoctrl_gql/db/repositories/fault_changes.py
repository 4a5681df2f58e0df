from ecoctrl_gql.db.repositories.base import Repository
from ecoctrl_gql.db.tables.fault_changes import FaultChangeRow


class FaultChangeRepository(Repository[FaultChangeRow]):
    row_type = FaultChangeRow
    name = "fault change"
