import strawberry

from ecoctrl_gql.accounts.types import USERS, User
from ecoctrl_gql.api.access import ADMINS
from ecoctrl_gql.api.roots import by_id


@strawberry.type
class AccountQuery:
    user = by_id(User, "One user.", rule=ADMINS)
    users = USERS.field("Users, the oldest account first.", rule=ADMINS)
