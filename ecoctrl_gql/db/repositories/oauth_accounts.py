from ecoctrl_gql.db.repositories.base import Repository
from ecoctrl_gql.db.tables.oauth_accounts import OAuthAccountRow


class OAuthAccountRepository(Repository[OAuthAccountRow]):
    row_type = OAuthAccountRow
    name = "linked account"
