"""Limits that processes share, and that cost nothing while they are used up."""

import asyncio
from typing import Final

from ecoctrl_gql.auth.limits import Limit, take
from ecoctrl_gql.db.database import Database
from ecoctrl_gql.errors import RateLimitedError

MAX_REMEMBERED: Final = 10_000


class Limiter:
    """
    Shared limits, of which a process remembers those that are used up.

    So who goes on calling is refused without a statement, and a flood costs the database nothing.
    """

    def __init__(self, db: Database) -> None:
        self._db = db
        self._until: dict[tuple[str, str], float] = {}

    async def take(self, limit: Limit, subject: str) -> None:
        """
        Count an attempt.

        Raises:
            RateLimitedError: There were too many.
        """
        key, now = (limit.name, subject), asyncio.get_running_loop().time()
        until = self._until.get(key, 0.0)
        if until > now:
            raise _too_many(until - now)
        try:
            await take(self._db, limit, subject)
        except RateLimitedError as error:
            if len(self._until) >= MAX_REMEMBERED:
                self._until = {key: until for key, until in self._until.items() if until > now}
            if len(self._until) < MAX_REMEMBERED:
                self._until[key] = now + error.retry_after_s
            raise _too_many(error.retry_after_s) from None


def _too_many(seconds: float) -> RateLimitedError:
    return RateLimitedError("Too many calls. Try again later.", retry_after_s=max(1, round(seconds)))
