from ecoctrl_gql.db.repositories.single_row import SingleRowRepository
from ecoctrl_gql.db.tables.iot_tokens import IotTokenRow


class IotTokenRepository(SingleRowRepository[IotTokenRow]):
    row_type = IotTokenRow
    name = "gateway token"
