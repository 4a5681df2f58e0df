from ecoctrl_gql.db.repositories.base import Repository
from ecoctrl_gql.db.tables.users import UserRow


class UserRepository(Repository[UserRow]):
    row_type = UserRow
    name = "user"
