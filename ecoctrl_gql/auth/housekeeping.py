"""Removing what has expired: sessions, codes, logins that were begun and never ended."""

import asyncio
from datetime import timedelta

import structlog

from ecoctrl_gql.db.database import Database
from ecoctrl_gql.tasks import end

EVERY_S = 300.0
MARGIN = timedelta(minutes=1)
"""A token that was spent may be used again until the overlap is over; a request under way still needs it."""

log = structlog.stdlib.get_logger("ecoctrl.security")


class Housekeeping:
    """
    Tidies up every few minutes; of several processes one at a time does.

    Args:
        db: The database.
        overlap_s: How long a refresh token that was used may be used once more.
    """

    def __init__(self, db: Database, overlap_s: float) -> None:
        self._db = db
        self._overlap = timedelta(seconds=overlap_s)
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        await end(self._task)

    async def tidy(self) -> None:
        """Remove what has expired, and say who is not there any more."""
        async with self._db.transaction() as repos:
            if await repos.try_lock("housekeeping"):
                await repos.tidy()
                await repos.spent_refresh_tokens.erase_successors(self._overlap + MARGIN)

    async def _run(self) -> None:
        while True:
            try:
                await self.tidy()
            except Exception:
                log.warning("What has expired could not be removed", exc_info=True)
            await asyncio.sleep(EVERY_S)
