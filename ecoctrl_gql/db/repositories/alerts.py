from ecoctrl_gql.db.repositories.base import Repository
from ecoctrl_gql.db.tables.alerts import AlertRow


class AlertRepository(Repository[AlertRow]):
    row_type = AlertRow
    name = "alert"
