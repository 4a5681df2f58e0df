"""What starts workflows by itself, in the server's process or in a worker's; any number of them may run."""

import asyncio
from collections.abc import Callable
from datetime import datetime

from ecoctrl_gql.auth.keys import Keys
from ecoctrl_gql.config import Settings
from ecoctrl_gql.db.database import Database
from ecoctrl_gql.db.listening import listen_to
from ecoctrl_gql.db.publishing import CHANNEL as EVENTS
from ecoctrl_gql.tasks import end
from ecoctrl_gql.workflows.runs.frames import offered_settings
from ecoctrl_gql.workflows.triggers.arming import Arming
from ecoctrl_gql.workflows.triggers.clock import Clock
from ecoctrl_gql.workflows.triggers.loops import again_and_again
from ecoctrl_gql.workflows.triggers.reading import EventReader
from ecoctrl_gql.workflows.triggers.scheduling import Scheduling

WORKFLOWS = "ecoctrl_workflows"
"""The channel on which PostgreSQL tells that a workflow has changed."""


class Triggers:
    """
    Arms triggers and fires them, from `start` to `stop`; webhooks come in through the server.

    Args:
        database: The database.
        settings: How the server is set up.
        now: Tells the time; the database does by default.
    """

    def __init__(
        self, database: Database, settings: Settings, *, now: Callable[[], datetime] | None = None
    ) -> None:
        clock, offered = Clock(now), offered_settings(settings)
        self.arming = Arming(database, offered, clock)
        self.scheduling = Scheduling(database, clock)
        self.reader = EventReader(database, offered, Keys(settings.secret_key()), clock)
        self._db = database
        self._begun = False
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        woken = {WORKFLOWS: self.arming.woken.set, EVENTS: self.reader.woken.set}
        self._tasks = [
            asyncio.create_task(listen_to(self._db.conninfo, woken)),
            asyncio.create_task(again_and_again(self._arm, "Triggers of workflows")),
            asyncio.create_task(again_and_again(self.scheduling.run, "Schedules of workflows")),
            asyncio.create_task(again_and_again(self.reader.run, "Events that start workflows")),
        ]

    async def stop(self) -> None:
        """End; what is under way is undone, and done by the next process that starts."""
        await end(*self._tasks)

    async def look(self) -> None:
        """Do once, and now, what is done all the time."""
        await self._prepare()
        await self.arming.look()
        await self.scheduling.look()
        while (await self.reader.turn()).more:
            pass

    async def _arm(self) -> None:
        await self._prepare()
        await self.arming.run()

    async def _prepare(self) -> None:
        """Let the reader have a place before the first trigger is armed, so that it misses nothing then."""
        if not self._begun:
            await self.reader.begin()
            self._begun = True
