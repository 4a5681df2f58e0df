"""API keys: how machines call in the name of whoever made the key."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime

from ecoctrl_gql.auth import audit
from ecoctrl_gql.auth.api_keys import PREFIX, SHOWN
from ecoctrl_gql.auth.audit import Origin
from ecoctrl_gql.auth.caller import Caller
from ecoctrl_gql.auth.keys import secret_hash
from ecoctrl_gql.auth.ranks import may_act_on
from ecoctrl_gql.checks import at_most, text
from ecoctrl_gql.db.conditions import Compare, Operator
from ecoctrl_gql.db.database import Database
from ecoctrl_gql.db.enums import Role
from ecoctrl_gql.db.tables import ApiKeyRow
from ecoctrl_gql.errors import BadInputError, ConflictError, NotFoundError

MAX_KEYS = 50
MAX_OPERATIONS = 200


@dataclass(frozen=True, slots=True)
class NewKey:
    """
    A key that was made.

    Attributes:
        key: The key itself, which nobody sees again.
    """

    api_key: ApiKeyRow
    key: str


async def create_key(
    db: Database,
    caller: Caller,
    origin: Origin,
    *,
    name: str,
    role: Role,
    expires_at: datetime | None,
    allowed_operations: list[str] | None,
) -> NewKey:
    """
    Make a key of the caller's.

    Raises:
        BadInputError: A value can't be used, or the role is above the caller's.
        ConflictError: The caller has too many keys.
    """
    if role.rank > caller.role.rank:
        raise BadInputError(f"Your role is {caller.role}; a key can't do more.", field=("input", "role"))
    if expires_at is not None and expires_at <= datetime.now(UTC):
        raise BadInputError("expiresAt lies in the past.", field=("input", "expires_at"))
    if allowed_operations is not None:
        at_most(MAX_OPERATIONS, allowed_operations, "input", "allowed_operations")
    key = PREFIX + secrets.token_urlsafe(32)
    async with db.transaction() as repos:
        await repos.lock(f"keys of {caller.user_id}")
        if await repos.api_keys.count(Compare("user_id", Operator.EQ, caller.user_id)) >= MAX_KEYS:
            raise ConflictError(f"You have {MAX_KEYS} keys; revoke one first.", field=("input",))
        made = await repos.api_keys.create(
            user_id=caller.user_id,
            name=text(name, 255, "input", "name"),
            key_hash=secret_hash(key),
            prefix=key[:SHOWN],
            role=role.value,
            allowed_operations=allowed_operations,
            expires_at=expires_at,
        )
        await audit.record(
            repos, caller, origin, "api_key.created", f"api_key_{made.id}", name=made.name, role=role.value
        )
    return NewKey(made, key)


async def revoke_key(db: Database, caller: Caller, origin: Origin, key_id: str) -> None:
    """
    End a key: one of the caller's own, or of a user below.

    Raises:
        NotFoundError: There is none such.
    """
    async with db.transaction() as repos:
        key = await repos.api_keys.find(key_id)
        if key is not None and key.user_id != caller.user_id:
            owner = await repos.users.get(key.user_id, frozenset({"role"}))
            key = key if may_act_on(caller.role, Role(owner.role)) else None
        if key is None:
            raise NotFoundError("There is no such key of yours.", field=("input", "id"))
        await repos.api_keys.delete(key_id)
        await audit.record(repos, caller, origin, "api_key.revoked", f"api_key_{key_id}", name=key.name)
