from ecoctrl_gql.db.repositories.base import Repository
from ecoctrl_gql.db.tables.refresh_tokens import RefreshTokenRow


class RefreshTokenRepository(Repository[RefreshTokenRow]):
    row_type = RefreshTokenRow
    name = "session"
