from collections.abc import Sequence
from datetime import timedelta
from typing import Any, NamedTuple

from ecoctrl_gql.db.enums import Role
from ecoctrl_gql.db.repositories.base import Repository
from ecoctrl_gql.db.statements import Statement
from ecoctrl_gql.db.tables.refresh_tokens import RefreshTokenRow


class LiveSession(NamedTuple):
    """A session that has not ended, and its user, who may log in."""

    session_id: str
    user_id: str
    username: str
    role: str


LIVE_SESSIONS: Statement[LiveSession] = Statement(
    """
    SELECT s.id, u.id, u.username, u.role
    FROM refresh_tokens s JOIN users u ON u.id = s.user_id
    WHERE s.id = ANY (%(keys)s::uuid[]) AND s.expires_at > now() AND u.status <> 'disabled'
    """.strip(),
    LiveSession._make,
)

ROTATE: Statement[tuple[str, str]] = Statement(
    """
    UPDATE refresh_tokens s
    SET token_hash = %(new_hash)s, expires_at = now() + %(lifetime)s, last_used_at = now(),
        address = %(address)s
    FROM users u
    WHERE u.id = s.user_id AND s.token_hash = %(old_hash)s AND s.expires_at > now()
        AND u.status <> 'disabled'
    RETURNING s.id, s.user_id
    """.strip(),
    tuple,
)

SET_LIFETIME: Statement[str] = Statement(
    """
    UPDATE refresh_tokens SET expires_at = last_used_at + %(lifetime)s WHERE expires_at > now() RETURNING id
    """.strip(),
    lambda row: row[0],
)

KEEP_NEWEST: Statement[str] = Statement(
    """
    DELETE FROM refresh_tokens WHERE user_id = %(user_id)s AND id NOT IN (
        SELECT id FROM refresh_tokens WHERE user_id = %(user_id)s
        ORDER BY created_at DESC, last_used_at DESC LIMIT %(limit)s
    ) RETURNING id
    """.strip(),
    lambda row: row[0],
)

END_OTHERS: Statement[str] = Statement(
    """
    DELETE FROM refresh_tokens WHERE user_id = %(user_id)s AND id IS DISTINCT FROM %(kept)s::uuid RETURNING id
    """.strip(),
    lambda row: row[0],
)

END_ONE: Statement[str] = Statement(
    "DELETE FROM refresh_tokens WHERE user_id = %(user_id)s AND id = %(session_id)s RETURNING id",
    lambda row: row[0],
)


class RefreshTokenRepository(Repository[RefreshTokenRow]):
    row_type = RefreshTokenRow
    name = "session"

    async def live(self, session_ids: Sequence[str]) -> dict[str, tuple[str, str, Role]]:
        """Of some sessions those that have not ended: user, user name and role by the session."""
        found = await self._runner.fetch_by(LIVE_SESSIONS, "session_id", session_ids)
        return {
            session.session_id: (session.user_id, session.username, Role(session.role))
            for sessions in found.values()
            for session in sessions
        }

    async def rotate(
        self, old_hash: str, new_hash: str, lifetime: timedelta, address: str | None
    ) -> tuple[str, str] | None:
        """
        Put a new token in the place of the one that a session has now.

        Returns:
            The session and its user; None where no session has that token now.
        """
        values = {"old_hash": old_hash, "new_hash": new_hash, "lifetime": lifetime, "address": address}
        rotated = await self._change(ROTATE, values)
        return rotated[0] if rotated else None

    async def set_lifetime(self, lifetime: timedelta) -> None:
        """Have all sessions that have not ended last this long from their last use on."""
        await self._change(SET_LIFETIME, {"lifetime": lifetime})

    async def keep_newest(self, user_id: str, limit: int) -> list[str]:
        """End a user's sessions but for the newest; gives those that ended."""
        return await self._change(KEEP_NEWEST, {"user_id": user_id, "limit": limit})

    async def end_others(self, user_id: str, kept: str | None = None) -> list[str]:
        """End a user's sessions but for one, or all of them; gives those that ended."""
        return await self._change(END_OTHERS, {"user_id": user_id, "kept": kept})

    async def end(self, user_id: str, session_id: str) -> bool:
        """End one session of a user; False where the user has no such session."""
        values: dict[str, Any] = {"user_id": user_id, "session_id": session_id}
        return bool(await self._change(END_ONE, values))
