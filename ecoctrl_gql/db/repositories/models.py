from ecoctrl_gql.db.repositories.base import Repository
from ecoctrl_gql.db.tables.models import ModelRow


class ModelRepository(Repository[ModelRow]):
    row_type = ModelRow
    name = "model"
