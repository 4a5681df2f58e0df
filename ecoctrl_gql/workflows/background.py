"""What has workflows run: in the server's process, or in one of its own by ``ecoctrl worker``."""

from ecoctrl_gql.config import Settings
from ecoctrl_gql.db.database import Database
from ecoctrl_gql.workflows.nodes.tools import Tools
from ecoctrl_gql.workflows.retention import RunRetention
from ecoctrl_gql.workflows.runs.worker import RunWorker
from ecoctrl_gql.workflows.triggers.running import Triggers

POOL_SIZE = 10
"""Connections of a worker, apart from those that requests use."""


class Workflows:
    """
    Starts runs by what triggers them, takes runs on, and removes old ones, from `start` to `stop`.

    Any number of processes may do so on the same database.

    Args:
        settings: How the server is set up.
        conninfo: The database.
    """

    def __init__(self, settings: Settings, conninfo: str) -> None:
        self._db = Database(conninfo, pool_size=POOL_SIZE, statement_timeout_s=settings.request_timeout_s)
        self._tools = Tools.of(settings, self._db)
        self._worker = RunWorker(self._db, self._tools)
        self._triggers = Triggers(self._db, settings)
        self._retention = RunRetention(self._db, settings.workflow_retention_days)

    async def start(self) -> None:
        await self._db.open()
        self._worker.start()
        self._triggers.start()
        self._retention.start()

    async def stop(self) -> None:
        """End; what is under way has some seconds to come to its next step, then others take it over."""
        await self._retention.stop()
        await self._triggers.stop()
        await self._worker.stop()
        await self._db.close()
