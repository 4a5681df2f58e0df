"""Removing runs that ended long ago, with their journals."""

import asyncio
from datetime import timedelta

import structlog

from ecoctrl_gql.db.database import Database
from ecoctrl_gql.tasks import end

EVERY_S = 3600.0
FIRST_AFTER_S = 60.0
BATCH = 200
PAUSE_S = 0.05

log = structlog.stdlib.get_logger("ecoctrl.workflows")


class RunRetention:
    """
    Removes old runs a few at a time, so that nobody waits for it; any number of processes may do so.

    Args:
        db: The database.
        days: After how many days a run that has ended is removed; 0 keeps all for ever.
    """

    def __init__(self, db: Database, days: float) -> None:
        self._db, self._days = db, days
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        if self._days > 0:
            self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        await end(self._task)

    async def trim(self) -> int:
        """Remove all that are too old; how many there were."""
        removed = 0
        while self._days > 0:
            executions = self._db.repositories().workflow_executions
            some = await executions.remove_old(timedelta(days=self._days), BATCH)
            if not some:
                break
            removed += some
            await asyncio.sleep(PAUSE_S)
        return removed

    async def _run(self) -> None:
        await asyncio.sleep(FIRST_AFTER_S)
        while True:
            try:
                removed = await self.trim()
            except Exception:
                log.warning("Old runs could not be removed.", exc_info=True)
            else:
                log.debug("Old runs were removed.", removed=removed)
            await asyncio.sleep(EVERY_S)
