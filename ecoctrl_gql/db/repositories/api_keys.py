from collections.abc import Sequence
from typing import NamedTuple

from ecoctrl_gql.db.enums import Role
from ecoctrl_gql.db.repositories.base import Repository
from ecoctrl_gql.db.statements import Statement
from ecoctrl_gql.db.tables.api_keys import ApiKeyRow


class LiveKey(NamedTuple):
    """A key that has not ended, and its user, who may log in."""

    key_hash: str
    key_id: str
    key_role: Role
    allowed_operations: list[str] | None
    user_id: str
    username: str
    user_role: Role


# It counts as a read, which may be repeated: what it notes besides is the same then.
LIVE_KEYS: Statement[LiveKey] = Statement(
    """
    WITH used AS (
        UPDATE api_keys SET last_used_at = now()
        WHERE key_hash = ANY (%(keys)s::text[])
            AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute')
    )
    SELECT k.key_hash, k.id, k.role, k.allowed_operations, u.id, u.username, u.role
    FROM api_keys k JOIN users u ON u.id = k.user_id
    WHERE k.key_hash = ANY (%(keys)s::text[]) AND u.status <> 'disabled'
        AND (k.expires_at IS NULL OR k.expires_at > now())
    """.strip(),
    lambda row: LiveKey(row[0], row[1], Role(row[2]), row[3], row[4], row[5], Role(row[6])),
    writes=True,
)


class ApiKeyRepository(Repository[ApiKeyRow]):
    row_type = ApiKeyRow
    name = "API key"

    async def live(self, key_hashes: Sequence[str]) -> dict[str, LiveKey]:
        """Of some keys those that have not ended, by their hash; notes that they were used."""
        found = await self._runner.fetch_by(LIVE_KEYS, "key_hash", key_hashes)
        return {key.key_hash: key for keys in found.values() for key in keys}
