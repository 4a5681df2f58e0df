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
from procrastinate.worker import Worker

from ecoctrl_gql.db.database import Database
from ecoctrl_gql.db.jobs import ADVANCE, QUEUE, make_pool
from ecoctrl_gql.errors import EcoctrlError, UnavailableError
from ecoctrl_gql.tasks import end
from ecoctrl_gql.workflows.nodes.tools import Tools
from ecoctrl_gql.workflows.runs.engine import Engine

CONCURRENCY: Final = 40
"""Runs that one worker takes on at the same time."""

HEARTBEAT_S, DEAD_AFTER_S = 2.0, 8.0
"""How often a worker says that it lives, and after how much silence others take over what it had."""

SWEEP, SWEEP_S = "runs that were left", 3.0
LOST_AFTER = timedelta(seconds=10)
"""After which time a run that lies in no queue is put back."""

WAKE_AT_LEAST_S, WAKE_AT_MOST_S = 0.01, 0.5
LOOK_FOR_STOPPED_S = 0.5
WOKEN_AT_ONCE = 500
GRACE_S = 10.0
RESTART_AFTER_S = 1.0
RETRY_AFTER_S = 1.0
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
"""When a job is due that is due now: by whatever machine's clock."""

log = structlog.stdlib.get_logger("ecoctrl.workflows")


class AtOnce(procrastinate.BaseRetryStrategy):
    """Jobs are taken on again for as long as it takes; the run knows how often it was tried in vain."""

    def get_retry_decision(
        self,
        *,
        exception: BaseException,  # noqa: ARG002 - the library's signature
        job: procrastinate.jobs.Job,  # noqa: ARG002 - the library's signature
    ) -> procrastinate.RetryDecision:
        return procrastinate.RetryDecision(retry_at=LONG_AGO)


class RunWorker:
    """
    Takes runs on, from `start` to `stop`.

    Args:
        db: The database, with connections of the worker's own.
        tools: What nodes reach the world with.
    """

    def __init__(self, db: Database, tools: Tools) -> None:
        self._db = db
        self._wakes = asyncio.Event()
        self._wakes_at = datetime.max.replace(tzinfo=UTC)
        self._engine = Engine(db, tools, on_wait=self._note_wait)
        logging.getLogger("procrastinate").setLevel(logging.WARNING)  # it tells of every job
        self._app = self._make_app()
        self._queue: Worker | None = None
        self._active: dict[str, asyncio.Task[None]] = {}
        self._jobs: set[int] = set()
        self._forgotten: set[int] = set()
        self._stopping = False
        self._tasks: list[asyncio.Task[None]] = []
        self._serving: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._serving = asyncio.create_task(self._serve())
        self._tasks = [
            asyncio.create_task(_again(self._wake, "Waits that are over")),
            asyncio.create_task(_again(self._sweep, "Runs that were left")),
            asyncio.create_task(_again(self._look_for_stopped, "Runs to stop")),
        ]

    async def stop(self) -> None:
        """End; what is under way has some seconds to come to its next step, then others take it over."""
        self._stopping = True
        if self._queue is not None:
            stop: Callable[[], None] = self._queue.stop  # the library leaves it untyped
            stop()  # a cancellation alone may be lost while the worker says that it is here
        if self._serving is not None:
            self._serving.cancel()
            await asyncio.gather(end(*self._tasks), self._serving, return_exceptions=True)

    def _make_app(self) -> procrastinate.App:
        app = procrastinate.App(connector=procrastinate.PsycopgConnector())
        app.task(name=ADVANCE, queue=QUEUE, retry=AtOnce(), pass_context=True)(self._advance)
        return app

    async def _serve(self) -> None:
        while not self._stopping:
            try:
                async with make_pool(self._db.conninfo) as pool, self._app.open_async(pool):
                    await pool.wait()
                    if self._stopping:  # the cancellation was lost in waiting, as `end` tells
                        break
                    self._queue = Worker(
                        self._app,
                        queues=[QUEUE],
                        concurrency=CONCURRENCY,
                        install_signal_handlers=False,
                        delete_jobs="always",
                        fetch_job_polling_interval=1.0,
                        update_heartbeat_interval=HEARTBEAT_S,
                        stalled_worker_timeout=DEAD_AFTER_S,
                        shutdown_graceful_timeout=GRACE_S,
                    )
                    run: Callable[[], Awaitable[None]] = self._queue.run
                    await run()
            except Exception:
                log.exception("The worker lost its queue; it begins anew.")
            self._queue = None
            await asyncio.sleep(0 if self._stopping else RESTART_AFTER_S)
            self._app = self._make_app()

    async def _advance(self, context: procrastinate.JobContext, execution_id: str) -> None:
        job_id = context.job.id or 0
        task = asyncio.ensure_future(self._engine.advance(execution_id))
        self._active[execution_id] = task
        self._jobs.add(job_id)
        try:
            await task
        except asyncio.CancelledError:
            if not task.cancelled() or _is_cancelling():
                task.cancel()
                await asyncio.wait([task])
                raise
            await self._engine.advance(execution_id)  # somebody stopped it: note that it has stopped
        except UnavailableError as error:
            log.warning("The database is away; the run waits.", execution_id=execution_id, reason=str(error))
            await asyncio.sleep(RETRY_AFTER_S)
            raise
        except Exception:
            log.exception("A run could not be taken on; it is tried again.", execution_id=execution_id)
            await asyncio.sleep(RETRY_AFTER_S)
            raise
        finally:
            self._active.pop(execution_id, None)
            self._jobs.discard(job_id)

    def _note_wait(self, until: datetime) -> None:
        """Look earlier than was meant to where a run waits for less."""
        if until < self._wakes_at:
            self._wakes.set()

    async def _wake(self) -> None:
        self._wakes.clear()
        executions = self._db.repositories().workflow_executions
        while await executions.wake(WOKEN_AT_ONCE) == WOKEN_AT_ONCE:
            pass
        next_wake = await executions.next_wake()
        left_s = WAKE_AT_MOST_S
        if next_wake is not None:
            left_s = min(left_s, max(WAKE_AT_LEAST_S, next_wake.total_seconds()))
        self._wakes_at = datetime.now(UTC) + timedelta(seconds=left_s)
        with suppress(TimeoutError):
            async with asyncio.timeout(left_s):
                await self._wakes.wait()

    async def _sweep(self) -> None:
        with suppress(procrastinate.exceptions.AppNotOpen):
            async with self._db.transaction() as repos:
                # one at a time: what one has put back, and another has begun, must not be put back again
                if await repos.try_lock(SWEEP):
                    await self._put_back_stalled()
            for job_id in await self._forgotten_twice():
                await self._app.job_manager.retry_job_by_id_async(job_id, retry_at=LONG_AGO)
        strays = await self._db.repositories().workflow_executions.wake_strays(LOST_AFTER, WOKEN_AT_ONCE)
        if strays:
            log.warning("Runs were in no queue; they are taken on.", count=len(strays))
        await asyncio.sleep(SWEEP_S)

    async def _put_back_stalled(self) -> None:
        jobs = self._app.job_manager
        for job in await jobs.get_stalled_jobs(queue=QUEUE, seconds_since_heartbeat=DEAD_AFTER_S):
            await jobs.retry_job(job, retry_at=LONG_AGO)

    async def _forgotten_twice(self) -> set[int]:
        """
        Jobs that the queue believes to be here and are not, now and at the last look.

        Where the database was away when a job ended, nobody could note it, and no other worker would take it.
        """
        worker_id = self._queue.worker_id if self._queue else None
        held = await self._db.repositories().workflow_executions.held(worker_id) if worker_id else set()
        before, self._forgotten = self._forgotten, held - self._jobs
        return before & self._forgotten

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
