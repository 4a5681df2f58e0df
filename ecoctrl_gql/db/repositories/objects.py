from ecoctrl_gql.db.repositories.base import Repository
from ecoctrl_gql.db.tables.objects import IotObjectRow


class IotObjectRepository(Repository[IotObjectRow]):
    row_type = IotObjectRow
    name = "object"
