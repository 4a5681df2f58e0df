from typing import Annotated, Any

import strawberry
from strawberry import Info, Parent

from ecoctrl_gql.accounts.permissions import permitted, require_operations
from ecoctrl_gql.api.access import ADMINS, ANYONE, VIEWERS
from ecoctrl_gql.api.connection import Connection
from ecoctrl_gql.api.listing import Listing
from ecoctrl_gql.api.node import Node, Owned, auto, column, computed, node_type, view_type
from ecoctrl_gql.api.relations import to_dependent, to_many, to_one
from ecoctrl_gql.db.enums import Role
from ecoctrl_gql.db.keyset import Order
from ecoctrl_gql.db.tables import ApiKeyRow, OAuthAccountRow, RefreshTokenRow, UserRow, UserSettingsRow
from ecoctrl_gql.workflows.types import WORKFLOWS, Workflow

THE_USERS = Owned("user_id", others=ADMINS)


@node_type(OAuthAccountRow, rule=VIEWERS, owned=THE_USERS)
class OAuthAccount(Node):
    provider: auto
    provider_user_id: auto
    open_id: auto
    provider_email: auto
    expires_at: auto
    created_at: auto
    user: "User" = to_one(UserRow, "user_id", "The user it belongs to.")


@node_type(RefreshTokenRow, rule=VIEWERS, owned=THE_USERS)
class Session(Node):
    device: auto
    address: auto
    created_at: auto
    last_used_at: auto
    expires_at: auto
    user: "User" = to_one(UserRow, "user_id", "The user who is logged in.")

    @computed("id", description="Whether this request belongs to it.")
    def current(session: Parent[RefreshTokenRow], info: Info[Any, Any]) -> bool:
        return bool(session.id == info.context.signed_in().session_id)


@node_type(UserSettingsRow, rule=VIEWERS, owned=THE_USERS)
class UserSettings(Node):
    settings: auto
    updated_at: auto
    user: "User" = to_one(UserRow, "user_id", "The user whose settings these are.")


@node_type(ApiKeyRow, rule=VIEWERS, owned=THE_USERS)
class ApiKey(Node):
    name: auto
    prefix: auto
    role: auto
    expires_at: auto
    last_used_at: auto
    created_at: auto
    user: "User" = to_one(UserRow, "user_id", "The user who made it.")

    @computed(
        "allowed_operations",
        description="The root fields that it may call, such as alerts or createAlert; null for all.",
    )
    def allowed_operations(key: Parent[ApiKeyRow]) -> list[str] | None:
        operations: list[str] | None = key.allowed_operations
        return operations


@node_type(UserRow)
class User(Node):
    username: auto
    role: auto
    status: auto
    avatar_url: auto
    email: auto = column(rule=ADMINS)
    last_login: auto = column(rule=ADMINS)
    preferences: auto = column(rule=ADMINS)
    created_at: auto = column(rule=ADMINS)
    oauth_accounts: list[OAuthAccount] = to_many(
        OAuthAccountRow,
        "user_id",
        "The external accounts that the user may log in with.",
        sort=("created_at",),
        rule=ADMINS,
    )
    sessions: list[Session] = to_many(
        RefreshTokenRow,
        "user_id",
        "The devices on which the user is logged in.",
        sort=("created_at",),
        rule=ADMINS,
    )
    settings: UserSettings | None = to_dependent(
        UserSettingsRow,
        "user_id",
        "How the user has arranged the dashboard; null before any change.",
        rule=ADMINS,
    )
    api_keys: list[ApiKey] = to_many(
        ApiKeyRow, "user_id", "The user's API keys, the oldest first.", sort=("created_at",), rule=ADMINS
    )
    workflows: Connection[Workflow] = WORKFLOWS.field_of("user_id", "The workflows that the user has made.")


@view_type(UserRow, description="The caller's own account.", rule=ANYONE)
class Me:
    username: auto
    email: auto
    role: auto
    status: auto
    avatar_url: auto
    last_login: auto
    preferences: auto
    created_at: auto
    oauth_accounts: list[OAuthAccount] = to_many(
        OAuthAccountRow,
        "user_id",
        "The external accounts that the user may log in with.",
        sort=("created_at",),
    )
    sessions: list[Session] = to_many(
        RefreshTokenRow, "user_id", "The devices on which the user is logged in.", sort=("created_at",)
    )
    settings: UserSettings | None = to_dependent(
        UserSettingsRow, "user_id", "How the user has arranged the dashboard; null before any change."
    )
    user: User = to_one(UserRow, "id", "The account as others see it.")

    @computed(
        "role",
        description="The queries, mutations and subscriptions that the caller may call, so that a page need"
        " not offer others.",
    )
    def permissions(me: Parent[UserRow], info: Info[Any, Any]) -> list[str]:
        return _permitted(me, info)

    @computed("role", description="Whether the caller may call a query, mutation or subscription.")
    def can(
        me: Parent[UserRow],
        info: Info[Any, Any],
        operation: Annotated[str, strawberry.argument(description="Its name, such as createAlert.")],
    ) -> bool:
        require_operations(info.schema._schema, [operation])
        return operation in _permitted(me, info)


def _permitted(me: UserRow, info: Info[Any, Any]) -> list[str]:
    caller = info.context.caller  # nobody yet in the answer to a login
    return permitted(info.schema._schema, Role(me.role) if caller is None else caller.role, caller)


USERS = Listing(
    User,
    filters=("id", "username", "email", "role", "status", "created_at"),
    orders=("created_at",),
    default=Order("created_at"),
)
