"""Removing events that are too old."""

import asyncio
from datetime import timedelta

import structlog

from ecoctrl_gql.db.database import Database
from ecoctrl_gql.tasks import end

EVERY_S = 60.0
BATCH = 1000
PAUSE_S = 0.05

GRACE = timedelta(hours=1)
"""How much longer events are kept than cursors are promised to be good, for transactions that take long."""

log = structlog.stdlib.get_logger("ecoctrl.events")


class Retention:
    """Removes old events a few at a time, so that nobody waits for it; of several processes one does so."""

    def __init__(self, database: Database, age: timedelta) -> None:
        self._db = database
        self._age = age + GRACE
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        await end(self._task)

    async def trim(self) -> int:
        """Remove all that are too old; how many there were."""
        removed = 0
        while some := await self._db.repositories().events.trim(self._age, BATCH):
            removed += some
            await asyncio.sleep(PAUSE_S)
        return removed

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(EVERY_S)
            try:
                removed = await self.trim()
            except Exception:
                log.warning("Old events could not be removed", exc_info=True)
            else:
                log.debug("Old events were removed", removed=removed)
