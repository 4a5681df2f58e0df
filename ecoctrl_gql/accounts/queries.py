from typing import Any

import strawberry
from strawberry import Info

from ecoctrl_gql.accounts.api_keys import ApiKeyQuery
from ecoctrl_gql.accounts.audit import AuditQuery
from ecoctrl_gql.accounts.oauth import OAuthQuery
from ecoctrl_gql.accounts.profile import ProfileQuery
from ecoctrl_gql.accounts.types import USERS, Me, Session, User
from ecoctrl_gql.api.access import ADMINS, ANYONE, VIEWERS
from ecoctrl_gql.api.roots import by_id
from ecoctrl_gql.api.selection import selected_columns
from ecoctrl_gql.db.tables import RefreshTokenRow, UserRow


@strawberry.type
class AccountQuery(ProfileQuery, OAuthQuery, ApiKeyQuery, AuditQuery):
    user = by_id(User, "One user.", rule=ADMINS)
    users = USERS.field("Users, the oldest account first.", rule=ADMINS)

    @strawberry.field(
        graphql_type=Me | None,
        description="The caller's own account; null where nobody is logged in.",
        directives=[ANYONE],
    )
    async def me(self, info: Info[Any, Any]) -> UserRow | None:
        if info.context.caller is None and info.context.refused is None:
            return None
        caller = info.context.signed_in()
        found: UserRow | None = await info.context.repos.users.find(
            caller.user_id, selected_columns(info, Me)
        )
        return found

    @strawberry.field(
        graphql_type=list[Session],
        description="The devices on which the caller is logged in, the oldest login first.",
        directives=[VIEWERS],
    )
    async def my_sessions(self, info: Info[Any, Any]) -> list[RefreshTokenRow]:
        sessions = info.context.repos.refresh_tokens.list_by(
            "user_id", ("created_at",), selected_columns(info, Session)
        )
        found: list[RefreshTokenRow] = await sessions.load(info.context.signed_in().user_id)
        return found
