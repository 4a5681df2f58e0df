"""Taking a run on, from wherever it stands to where it ends or waits."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import structlog

from ecoctrl_gql.auth.keys import Keys
from ecoctrl_gql.db.database import Database
from ecoctrl_gql.db.enums import ExecutionStatus
from ecoctrl_gql.db.repositories import Repositories
from ecoctrl_gql.db.tables import WorkflowExecutionRow
from ecoctrl_gql.db.workflow_runs import Claimed
from ecoctrl_gql.errors import BadInputError, NotFoundError, UnavailableError
from ecoctrl_gql.platform.clock import site_zone
from ecoctrl_gql.workflows.dsl.document import Document
from ecoctrl_gql.workflows.dsl.shapes import ConcurrencyPolicy, Settings
from ecoctrl_gql.workflows.expressions import live
from ecoctrl_gql.workflows.nodes.tools import Tools
from ecoctrl_gql.workflows.runs.definitions import document_of
from ecoctrl_gql.workflows.runs.frames import Surroundings, offered_settings, secrets_of
from ecoctrl_gql.workflows.runs.hands import RealHands, RunIdentity
from ecoctrl_gql.workflows.runs.journal import DatabaseJournal
from ecoctrl_gql.workflows.runs.limits import TOO_LONG
from ecoctrl_gql.workflows.runs.starting import turn_of
from ecoctrl_gql.workflows.runs.steps import (
    RunFailedError,
    RunLostError,
    RunStoppedError,
    RunSuspendedError,
)
from ecoctrl_gql.workflows.runs.suspects import Suspects, Turn
from ecoctrl_gql.workflows.runs.walk import Walk
from ecoctrl_gql.workflows.templates import redact

Now = Callable[[], datetime]

MAX_STALLS = 5
"""How many workers in a row may die or fail over a step before the run is given up."""

TRANSACTIONS = 4
"""Transactions of nodes that one worker has at the same time."""

MAX_LOG = 500
"""How many steps, the last ones, a run's result holds."""

log = structlog.stdlib.get_logger("ecoctrl.workflows")


@dataclass(frozen=True, slots=True)
class Ending:
    """How a run ended."""

    status: ExecutionStatus
    output: Any = None
    error: str | None = None
    node_id: str | None = None
    dead: bool = False


class Engine:
    """
    Takes runs on.

    Args:
        db: The database.
        tools: What nodes reach the world with.
        now: This machine's clock; the database's own decides.
        on_wait: Told until when a run waits.
    """

    def __init__(
        self,
        db: Database,
        tools: Tools,
        now: Now = lambda: datetime.now(UTC),
        on_wait: Callable[[datetime], None] = lambda _: None,
    ) -> None:
        self._db, self._tools, self._now, self._on_wait = db, tools, now, on_wait
        self._keys = Keys(tools.settings.secret_key())
        self._turns = asyncio.Semaphore(TRANSACTIONS)
        self._suspects = Suspects()
        self._offered: Mapping[str, str] = offered_settings(tools.settings)

    async def advance(self, execution_id: str) -> None:
        """
        Take a run on until it ends or waits; nothing where it is not its turn, or another worker has it.

        Raises:
            UnavailableError: The database is away; the run is as it was and can be taken on again.
        """
        repos = self._db.repositories()
        run = await repos.workflow_executions.find(
            execution_id,
            frozenset({"workflow_id", "version", "completed_at", "status", "cancel_requested_at", "stalls"}),
        )
        if run is None or run.completed_at is not None:
            return
        try:
            document = await document_of(repos, run.workflow_id, run.version or 0)
        except (NotFoundError, BadInputError) as error:
            claimed = await repos.workflow_executions.claim(execution_id)
            if claimed is not None:
                await self._end(claimed, Ending(ExecutionStatus.FAILED, error=str(error)), [], Settings())
            return
        settings = document.settings or Settings()
        async with self._suspects.turn(run.stalls) as turn:
            claimed = await self._claim(run, settings)
            if claimed is not None:
                await self._hold(claimed, document, settings, turn)

    async def _hold(self, claimed: Claimed, document: Document, settings: Settings, turn: Turn) -> None:
        """Take a claimed run on; raises as `advance`."""
        try:
            await self._take_on(claimed, document, settings, turn)
        except UnavailableError:
            await self._release(claimed)
            raise
        except asyncio.CancelledError:
            # the worker ends, or somebody stops the run: no fault of the run either
            await asyncio.shield(self._release(claimed))
            raise

    async def _release(self, run: Claimed) -> None:
        with suppress(UnavailableError):
            await self._db.repositories().workflow_executions.release(run)

    async def _claim(self, run: WorkflowExecutionRow, settings: Settings) -> Claimed | None:
        waits_for_turn = run.status == ExecutionStatus.PENDING and run.cancel_requested_at is None
        if settings.policy is not ConcurrencyPolicy.QUEUE or not waits_for_turn:
            return await self._db.repositories().workflow_executions.claim(run.id)
        async with self._db.transaction() as repos:
            await repos.lock(turn_of(run.workflow_id))
            active = await repos.workflow_executions.active(run.workflow_id, but=run.id, pending=False)
            if len(active) >= settings.limit:
                return None  # the end of one of them wakes it
            return await repos.workflow_executions.claim(run.id)

    async def _take_on(self, run: Claimed, document: Document, settings: Settings, turn: Turn) -> None:
        repos = self._db.repositories()
        steps = await repos.workflow_steps.of_run(run.id) if run.steps else []
        try:
            secrets = secrets_of(document, self._keys)
        except BadInputError as error:
            await self._end(run, Ending(ExecutionStatus.FAILED, error=str(error)), [], settings)
            return
        hidden = list(secrets.values())
        journal = DatabaseJournal(self._db, run, hidden, steps, on_step=turn.leave)
        if run.cancel_requested_at is not None:
            ending = Ending(ExecutionStatus.CANCELLED)
        elif run.stalls > MAX_STALLS:
            reason = f"Given up: {run.stalls - 1} workers in a row died or failed over its next step."
            ending = Ending(ExecutionStatus.FAILED, error=reason, dead=True)
        else:
            now = self._clock(run)
            walk = await self._walk(run, document, journal, repos, secrets, now)
            try:
                ending = await self._go(walk, run, now)
            except RunLostError:
                return
            except RunSuspendedError as error:
                until = min(error.until, run.deadline_at) if run.deadline_at else error.until
                if await repos.workflow_executions.wait(run, until):
                    self._on_wait(until)
                return
        shown = replace(ending, output=redact(ending.output, hidden), error=redact(ending.error, hidden))
        await self._end(run, shown, journal.log(MAX_LOG), settings)

    def _clock(self, run: Claimed) -> Now:
        """
        The time by the database's clock, which says when a wait or the time of a run is over.

        This machine's clock tells how much has passed since the run was claimed.
        """
        ahead = run.claimed_at - self._now()
        return lambda: self._now() + ahead

    async def _walk(
        self,
        run: Claimed,
        document: Document,
        journal: DatabaseJournal,
        repos: Repositories,
        secrets: Mapping[str, str],
        now: Now,
    ) -> Walk:
        environment = replace(live(await site_zone(repos)), now=now)
        around = Surroundings.of(document, run.trigger_data, self._offered, secrets, environment)
        identity = RunIdentity(run.id, run.workflow_id, run.user_id, run.effect_id, run.trigger_data)
        hands = RealHands(identity, self._db, self._tools, now, self._turns)
        return Walk(document, journal, around, hands, now, run.deadline_at)

    async def _go(self, walk: Walk, run: Claimed, now: Now) -> Ending:
        left = None if run.deadline_at is None else (run.deadline_at - now()).total_seconds()
        try:
            async with asyncio.timeout(left):
                return Ending(ExecutionStatus.COMPLETED, await walk.go(run.start_node_id))
        except RunFailedError as error:
            return Ending(ExecutionStatus.FAILED, error=str(error), node_id=error.node_id)
        except RunStoppedError:
            return Ending(ExecutionStatus.CANCELLED)
        except TimeoutError:
            return Ending(ExecutionStatus.FAILED, error=TOO_LONG)

    async def _end(self, run: Claimed, ending: Ending, logs: list[Any], settings: Settings) -> None:
        result = {"output": ending.output, "nodeLogs": logs}

        async def end(repos: Repositories) -> None:
            await repos.workflow_executions.end(
                run,
                ending.status.value,
                result,
                error=ending.error,
                node_id=ending.node_id,
                dead=ending.dead,
                others_wait=settings.policy is ConcurrencyPolicy.QUEUE,
            )

        if settings.policy is ConcurrencyPolicy.ALLOW:
            await end(self._db.repositories())
            return
        async with self._db.transaction() as repos:
            await repos.lock(turn_of(run.workflow_id))  # no run waits for its turn unseen
            await end(repos)
