from ecoctrl_gql.db.repositories.base import Repository
from ecoctrl_gql.db.tables.user_settings import UserSettingsRow


class UserSettingsRepository(Repository[UserSettingsRow]):
    row_type = UserSettingsRow
    name = "user settings"
