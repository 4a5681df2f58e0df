"""API keys as they are sent: how they look, and whose they are."""

from ecoctrl_gql.auth.caller import Caller
from ecoctrl_gql.auth.keys import secret_hash
from ecoctrl_gql.db.database import Database
from ecoctrl_gql.errors import UnauthenticatedError

PREFIX = "eck_"
SHOWN = 12
"""How many characters of a key are kept, to tell it from others."""

INVALID = "This API key is not valid: it was revoked or has expired, or its user is gone or disabled."


async def caller_of_key(db: Database, key: str) -> Caller:
    """
    Who calls with a key; notes that it was used.

    Raises:
        UnauthenticatedError: It is no key any more, or never was.
        UnavailableError: The database is away.
    """
    key_hash = secret_hash(key)
    found = await db.repositories().api_keys.live([key_hash])
    if key_hash not in found:
        raise UnauthenticatedError(INVALID)
    used = found[key_hash]
    held_to = used.allowed_operations
    return Caller(
        used.user_id,
        used.username,
        min(used.key_role, used.user_role, key=lambda role: role.rank),
        api_key_id=used.key_id,
        allowed_operations=None if held_to is None else frozenset(held_to),
    )
