"""
What takes runs on: a worker, in the server's process or in one of its own; any number of them, anywhere.

The queue brings a run to one worker at a time and tells of workers that died. Besides, each worker looks for
waits that are over, runs that somebody stops, and runs that have lost their place in the queue.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Final

import procrastinate
import structlog

from ecoctrl_gql.db.database import Database
from ecoctrl_gql.db.jobs import ADVANCE, QUEUE
from ecoctrl_gql.db.migrations.job_queue import SCHEMA
from ecoctrl_gql.errors import EcoctrlError
from ecoctrl_gql.workflows.nodes.tools import Tools
from ecoctrl_gql.workflows.runs.engine import Engine

CONCURRENCY: Final = 40
"""Runs that one worker takes on at the same time."""

HEARTBEAT_S, DEAD_AFTER_S = 2.0, 8.0
"""How often a worker says that it lives, and after how much silence others take over what it had."""

SWEEP_S = 3.0
LOST_AFTER = timedelta(seconds=10)
"""After which time a run that lies in no queue is put back."""

WAKE_AT_MOST_S = 0.5
LOOK_FOR_STOPPED_S = 0.5
WOKEN_AT_ONCE = 500
GRACE_S = 10.0
RESTART_AFTER_S = 1.0

log = structlog.stdlib.get_logger("ecoctrl.workflows")


class RunWorker:
    """
    Takes runs on, from `start` to `stop`.

    Args:
        db: The database, with connections of the worker's own.
        tools: What nodes reach the world with.
    """

    def __init__(self, db: Database, tools: Tools) -> None:
        self._db = db
        self._engine = Engine(db, tools)
        self._app = self._make_app()
        self._active: dict[str, asyncio.Task[None]] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self._serving: asyncio.Task[None] | None = None

    def start(self) -> None:
        logging.getLogger("procrastinate").setLevel(logging.WARNING)
        self._serving = asyncio.create_task(self._serve())
        self._tasks = [
            asyncio.create_task(_again(self._wake, "Waits that are over")),
            asyncio.create_task(_again(self._sweep, "Runs that were left")),
            asyncio.create_task(_again(self._look_for_stopped, "Runs to stop")),
        ]

    async def stop(self) -> None:
        """End; what is under way has some seconds to come to its next step, then others take it over."""
        for task in (*self._tasks, self._serving):
            if task is not None:
                task.cancel()
        await asyncio.gather(
            *self._tasks, *([self._serving] if self._serving else ()), return_exceptions=True
        )

    def _make_app(self) -> procrastinate.App:
        connector = procrastinate.PsycopgConnector(
            conninfo=self._db.conninfo,
            min_size=1,
            max_size=3,
            kwargs={"options": f"-c search_path={SCHEMA}", "application_name": "ecoctrl jobs"},
        )
        app = procrastinate.App(connector=connector)
        again = procrastinate.RetryStrategy(max_attempts=10, linear_wait=1)
        app.task(name=ADVANCE, queue=QUEUE, retry=again)(self._advance)
        return app

    async def _serve(self) -> None:
        while True:
            try:
                async with self._app.open_async():
                    await self._app.run_worker_async(
                        queues=[QUEUE],
                        concurrency=CONCURRENCY,
                        install_signal_handlers=False,
                        delete_jobs="always",
                        fetch_job_polling_interval=1.0,
                        update_heartbeat_interval=HEARTBEAT_S,
                        stalled_worker_timeout=DEAD_AFTER_S,
                        shutdown_graceful_timeout=GRACE_S,
                    )
            except Exception:
                log.exception("The worker lost its queue; it begins anew.")
            await asyncio.sleep(RESTART_AFTER_S)
            self._app = self._make_app()

    async def _advance(self, execution_id: str) -> None:
        task = asyncio.ensure_future(self._engine.advance(execution_id))
        self._active[execution_id] = task
        try:
            await task
        except asyncio.CancelledError:
            if not task.cancelled() or _is_cancelling():
                task.cancel()
                raise
            await self._engine.advance(execution_id)  # somebody stopped it: note that it has stopped
        except Exception:
            log.exception("A run could not be taken on; it is tried again.", execution_id=execution_id)
            raise
        finally:
            self._active.pop(execution_id, None)

    async def _wake(self) -> None:
        executions = self._db.repositories().workflow_executions
        while await executions.wake(WOKEN_AT_ONCE) == WOKEN_AT_ONCE:
            pass
        next_wake = await executions.next_wake()
        left_s = WAKE_AT_MOST_S
        if next_wake is not None:
            left_s = min(left_s, max(0.01, (next_wake - datetime.now(UTC)).total_seconds()))
        await asyncio.sleep(left_s)

    async def _sweep(self) -> None:
        jobs = self._app.job_manager
        with suppress(procrastinate.exceptions.AppNotOpen):
            for job in await jobs.get_stalled_jobs(queue=QUEUE, seconds_since_heartbeat=DEAD_AFTER_S):
                await jobs.retry_job(job)
        strays = await self._db.repositories().workflow_executions.wake_strays(LOST_AFTER, WOKEN_AT_ONCE)
        if strays:
            log.warning("Runs were in no queue; they are taken on.", count=len(strays))
        await asyncio.sleep(SWEEP_S)

    async def _look_for_stopped(self) -> None:
        if self._active:
            stopped = await self._db.repositories().workflow_executions.cancelled(list(self._active))
            for execution_id in stopped:
                if execution_id in self._active:
                    self._active[execution_id].cancel()
        await asyncio.sleep(LOOK_FOR_STOPPED_S)


def _is_cancelling() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


async def _again(work: Callable[[], Awaitable[None]], what: str) -> None:
    """Do something again and again; what fails is tried again a little later."""
    while True:
        try:
            await work()
        except EcoctrlError as error:
            log.warning(f"{what}: not looked for until the database is back.", reason=str(error))
            await asyncio.sleep(RESTART_AFTER_S)
        except Exception:
            log.exception(f"{what}: the look failed; it is tried again.")
            await asyncio.sleep(RESTART_AFTER_S)
