from datetime import timedelta
from typing import NamedTuple

from ecoctrl_gql.db.repositories.base import Repository
from ecoctrl_gql.db.statements import Statement
from ecoctrl_gql.db.tables.spent_refresh_tokens import SpentRefreshTokenRow


class SpentToken(NamedTuple):
    """
    A token that was used, and its session as it is now.

    Attributes:
        current_hash: The hash of the token that the session has now.
        recent: Whether it was used within the overlap.
    """

    session_id: str
    user_id: str
    sealed_successor: str | None
    current_hash: str
    recent: bool


SPENT: Statement[SpentToken] = Statement(
    """
    SELECT t.session_id, s.user_id, t.sealed_successor, s.token_hash, t.spent_at > now() - %(overlap)s
    FROM spent_refresh_tokens t JOIN refresh_tokens s ON s.id = t.session_id
    WHERE t.token_hash = %(token_hash)s
    """.strip(),
    SpentToken._make,
)

FORGET: Statement[str] = Statement(
    """
    DELETE FROM spent_refresh_tokens
    WHERE session_id = %(session_id)s AND spent_at < now() - %(age)s RETURNING token_hash
    """.strip(),
    lambda row: row[0],
)


ERASE_SUCCESSORS: Statement[str] = Statement(
    """
    UPDATE spent_refresh_tokens SET sealed_successor = NULL
    WHERE sealed_successor IS NOT NULL AND spent_at < now() - %(age)s RETURNING token_hash
    """.strip(),
    lambda row: row[0],
)


class SpentRefreshTokenRepository(Repository[SpentRefreshTokenRow]):
    row_type = SpentRefreshTokenRow
    name = "spent token"

    async def find_spent(self, token_hash: str, overlap: timedelta) -> SpentToken | None:
        """What became of a token that was used; None for one that was not, or whose session has ended."""
        found = await self._runner.fetch(SPENT, {"token_hash": token_hash, "overlap": overlap})
        return found[0] if found else None

    async def erase_successors(self, age: timedelta) -> None:
        """Forget what took the place of the tokens that were used so long ago."""
        await self._change(ERASE_SUCCESSORS, {"age": age})

    async def forget(self, session_id: str, age: timedelta) -> None:
        """Drop a session's tokens that were used so long ago that they would have expired anyway."""
        await self._change(FORGET, {"session_id": session_id, "age": age})
