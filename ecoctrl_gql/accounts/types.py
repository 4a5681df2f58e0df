from ecoctrl_gql.api.access import ADMINS
from ecoctrl_gql.api.connection import Connection
from ecoctrl_gql.api.listing import Listing
from ecoctrl_gql.api.node import Node, auto, column, node_type
from ecoctrl_gql.api.relations import to_dependent, to_many, to_one
from ecoctrl_gql.db.keyset import Order
from ecoctrl_gql.db.tables import OAuthAccountRow, RefreshTokenRow, UserRow, UserSettingsRow
from ecoctrl_gql.workflows.types import WORKFLOWS, Workflow


@node_type(OAuthAccountRow, rule=ADMINS)
class OAuthAccount(Node):
    provider: auto
    provider_user_id: auto
    provider_email: auto
    expires_at: auto
    created_at: auto
    user: "User" = to_one(UserRow, "user_id", "The user it belongs to.")


@node_type(RefreshTokenRow, rule=ADMINS)
class Session(Node):
    created_at: auto
    expires_at: auto
    user: "User" = to_one(UserRow, "user_id", "The user who is logged in.")


@node_type(UserSettingsRow, rule=ADMINS)
class UserSettings(Node):
    settings: auto
    updated_at: auto
    user: "User" = to_one(UserRow, "user_id", "The user whose settings these are.")


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
    )
    sessions: list[Session] = to_many(
        RefreshTokenRow, "user_id", "The devices on which the user is logged in.", sort=("created_at",)
    )
    settings: UserSettings | None = to_dependent(
        UserSettingsRow, "user_id", "How the user has arranged the dashboard; null before any change."
    )
    workflows: Connection[Workflow] = WORKFLOWS.field_of("user_id", "The workflows that the user has made.")


USERS = Listing(
    User,
    filters=("id", "username", "email", "role", "status", "created_at"),
    orders=("created_at",),
    default=Order("created_at"),
)
