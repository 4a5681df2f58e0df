"""
What is done once a day, when the day begins at the site.

Each process looks for itself: at its start, so that what a server missed that was down at midnight is made up
for, and at each midnight from then on. It takes turns with the others by a lock, and what one has done the
next finds done; so a job must be one that can run again without harm.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, date, datetime
from typing import TypeAlias

import structlog

from ecoctrl_gql.db.database import Database
from ecoctrl_gql.db.repositories import Repositories
from ecoctrl_gql.errors import EcoctrlError
from ecoctrl_gql.platform.clock import day_after, site_zone
from ecoctrl_gql.tasks import end

log = structlog.stdlib.get_logger("ecoctrl.jobs")

Job: TypeAlias = Callable[[Repositories, date], Awaitable[object]]
"""Does its work in a transaction, for the day that has begun."""

LOOK_EVERY_S = 300.0
"""The longest sleep: then clocks that were set, and another time zone in the configuration, are noticed."""


class DailyJobs:
    """
    Runs jobs at the beginning of each day of the site, from `start` to `stop`.

    Args:
        db: The database.
        jobs: What to do, in this order; all of it takes effect together.
        now: Tells the time.
    """

    def __init__(
        self, db: Database, jobs: Sequence[Job], *, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._db, self._jobs, self._now = db, jobs, now
        self._done: date | None = None
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        await end(self._task)

    async def _run(self) -> None:
        while True:
            try:
                sleep_s = await self.look()
            except EcoctrlError as error:
                log.warning("The daily jobs wait.", reason=str(error))
                sleep_s = LOOK_EVERY_S
            except Exception:
                log.exception("The daily jobs failed; they are tried again.")
                sleep_s = LOOK_EVERY_S
            await asyncio.sleep(sleep_s)

    async def look(self) -> float:
        """Do today's jobs unless they are done, and give for how many seconds there is nothing to do."""
        zone = await site_zone(self._db.repositories())
        today = self._now().astimezone(zone).date()
        if today != self._done and await self._do(today):
            self._done = today
        return max(0.0, min(LOOK_EVERY_S, (day_after(today, zone) - self._now()).total_seconds()))

    async def _do(self, today: date) -> bool:
        """Do the jobs; False where another process is doing them, which may fail."""
        async with self._db.transaction() as repos:
            mine = await repos.try_lock("daily jobs")
            if mine:
                for job in self._jobs:
                    await job(repos, today)
        return mine
