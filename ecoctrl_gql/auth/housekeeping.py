"""Removing what has expired: sessions, codes, logins that were begun and never ended."""

import asyncio

import structlog

from ecoctrl_gql.db.database import Database

EVERY_S = 300.0

log = structlog.stdlib.get_logger("ecoctrl.security")


class Housekeeping:
    """Tidies up every few minutes; of several processes one at a time does."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def tidy(self) -> None:
        """Remove what has expired, and say who is not there any more."""
        async with self._db.transaction() as repos:
            if await repos.try_lock("housekeeping"):
                await repos.tidy()

    async def _run(self) -> None:
        while True:
            try:
                await self.tidy()
            except Exception:
                log.warning("What has expired could not be removed", exc_info=True)
            await asyncio.sleep(EVERY_S)
