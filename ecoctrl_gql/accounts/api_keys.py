from datetime import datetime
from typing import Any

import strawberry
from strawberry import ID, Info

from ecoctrl_gql.accounts import api_key_service
from ecoctrl_gql.accounts.api_key_service import NewKey
from ecoctrl_gql.accounts.permissions import require_operations
from ecoctrl_gql.accounts.types import ApiKey
from ecoctrl_gql.api.access import VIEWERS
from ecoctrl_gql.api.arguments import key_of
from ecoctrl_gql.api.mutations import mutation
from ecoctrl_gql.api.selection import selected_columns
from ecoctrl_gql.context import Context
from ecoctrl_gql.db.enums import Role
from ecoctrl_gql.db.tables import ApiKeyRow


@strawberry.input(description="A new API key.")
class CreateApiKeyInput:
    name: str = strawberry.field(description="What it is for, 1–255 characters.")
    role: Role = strawberry.field(
        default=Role.VIEWER, description="The most that it may do; not above one's own role."
    )
    expires_at: datetime | None = strawberry.field(default=None, description="When it ends; null for never.")
    allowed_operations: list[str] | None = strawberry.field(
        default=None,
        description="The root fields that it may call, such as alerts or createAlert, 1–200; null for all.",
    )


@strawberry.input(description="An API key to end.")
class RevokeApiKeyInput:
    id: ID = strawberry.field(description="The key.")


@strawberry.type
class ApiKeyQuery:
    @strawberry.field(
        graphql_type=list[ApiKey],
        description="The caller's API keys, the oldest first.",
        directives=[VIEWERS],
    )
    async def api_keys(self, info: Info[Any, Any]) -> list[ApiKeyRow]:
        keys = info.context.repos.api_keys.list_by("user_id", ("created_at",), selected_columns(info, ApiKey))
        found: list[ApiKeyRow] = await keys.load(info.context.signed_in().user_id)
        return found


@strawberry.type
class ApiKeyMutation:
    @mutation(
        rule=VIEWERS,
        description="Make an API key for a machine, which calls with it in one's own name.",
        gives={
            "api_key": (ApiKey, "What can be seen of the key later."),
            "key": (str, "The key, to be sent as `Authorization: Bearer …`. It is never shown again."),
        },
    )
    async def create_api_key(self, info: Info[Any, Any], input: CreateApiKeyInput) -> NewKey:
        context: Context = info.context
        caller = context.person()
        if input.allowed_operations is not None:
            path = ("input", "allowed_operations")
            require_operations(info.schema._schema, input.allowed_operations, *path)
        return await api_key_service.create_key(context.db, caller, context.origin, **vars(input))

    @mutation(
        rule=VIEWERS,
        description="End an API key: one's own, or that of a user below.",
        gives={"revoked_id": (ID, "The id of the key that is gone.")},
    )
    async def revoke_api_key(self, info: Info[Any, Any], input: RevokeApiKeyInput) -> str:
        context: Context = info.context
        key_id = key_of(ApiKeyRow, input.id, "id")
        await api_key_service.revoke_key(context.db, context.person(), context.origin, key_id)
        return input.id
