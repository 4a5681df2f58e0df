"""
A run that does nothing.

It is the same walk as a real one, with a clock that jumps over waits and hands that only tell what would have
happened.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from ecoctrl_gql.db.database import Database
from ecoctrl_gql.db.enums import ExecutionStatus, StepStatus
from ecoctrl_gql.db.repositories import Repositories
from ecoctrl_gql.errors import TimedOutError
from ecoctrl_gql.workflows.dsl.document import Document
from ecoctrl_gql.workflows.dsl.shapes import Settings
from ecoctrl_gql.workflows.expressions import live
from ecoctrl_gql.workflows.nodes.call import Action, NodeCall
from ecoctrl_gql.workflows.nodes.failures import NodeFailure
from ecoctrl_gql.workflows.nodes.tools import Tools
from ecoctrl_gql.workflows.runs.frames import Surroundings
from ecoctrl_gql.workflows.runs.hands import Finished
from ecoctrl_gql.workflows.runs.journal import StepIndex
from ecoctrl_gql.workflows.runs.steps import Journal, RunFailedError, RunSuspendedError, Step
from ecoctrl_gql.workflows.runs.walk import Walk

NOBODY: Final = "00000000-0000-0000-0000-000000000000"
"""The id that stands for the run, which there is not."""

STEPS_AT_ONCE: Final = 50
"""After how many steps others have their turn."""


@dataclass(frozen=True, slots=True)
class Stage:
    """
    What all rehearsals of a workflow have in common.

    Attributes:
        document: The workflow.
        workflow_id: Its key; None for a definition that is not stored.
        user_id: Who rehearses.
        db: The database, for reads.
        tools: What real nodes would reach the world with.
        settings: The server's settings that workflows may read.
        secrets: The workflow's own secrets.
        zone: The time zone of dates.
        mocks: What nodes give in place of what can be told of them, by their ids; ``{"error": …}`` fails one.
    """

    document: Document
    workflow_id: str | None
    user_id: str | None
    db: Database
    tools: Tools
    settings: Mapping[str, str]
    secrets: Mapping[str, str]
    zone: Any
    mocks: Mapping[str, Any] = field(default_factory=dict)

    @property
    def run_settings(self) -> Settings:
        """The settings of the document; the defaults where it says nothing."""
        return self.document.settings or Settings()


@dataclass(frozen=True, slots=True)
class WouldBe:
    """
    Something that would have happened.

    Attributes:
        kind: The kind of node.
        key: By what others would have known the call.
    """

    kind: str
    node_id: str
    path: str
    at: datetime
    key: str
    details: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """
    What a run would have come to.

    Attributes:
        node_id: The node that failed, if one did.
        steps: What each node gave, in order.
        effects: What would have happened, in order.
        ended_at: When it would have ended.
    """

    status: ExecutionStatus
    output: Any
    error: str | None
    node_id: str | None
    steps: Sequence[Step]
    effects: Sequence[WouldBe]
    began_at: datetime
    ended_at: datetime

    def stopped(self, at: datetime, why: str) -> "Rehearsal":
        """The same run, stopped at an instant before its end."""
        return replace(
            self,
            status=ExecutionStatus.CANCELLED,
            output=None,
            error=why,
            node_id=None,
            steps=[step for step in self.steps if step.started_at <= at],
            effects=[effect for effect in self.effects if effect.at <= at],
            ended_at=at,
        )


@dataclass
class Clock:
    """A time that goes on only where a run waits."""

    at: datetime

    def now(self) -> datetime:
        return self.at


class MemoryJournal(StepIndex):
    """A journal that is forgotten with the rehearsal."""

    def __init__(self, until: float) -> None:
        super().__init__()
        self._until = until
        self._noted = 0

    async def note(self, step: Step, repos: Repositories | None = None) -> None:
        del repos
        self.put(step)
        self._noted += 1
        if self._noted % STEPS_AT_ONCE == 0:
            if time.monotonic() > self._until:
                raise TimedOutError("The dry run takes too long; try it with less data.")
            await asyncio.sleep(0)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Repositories]:
        raise TypeError("A rehearsal writes nothing.")
        yield


@dataclass
class TellingHands:
    """Tell what nodes would do, and do nothing of it."""

    stage: Stage
    trigger: Any
    clock: Clock
    effects: list[WouldBe] = field(default_factory=list)

    async def act(
        self,
        action: Action[Any],
        config: Any,
        step: Step,
        journal: Journal,
        finished: Finished,
        *,
        begun: bool,
    ) -> Step:
        del begun
        stage, key = self.stage, f"dry-run/{step.path}"
        call = NodeCall(
            config=config,
            key=key,
            execution_id=NOBODY,
            workflow_id=stage.workflow_id,
            user_id=stage.user_id,
            trigger=self.trigger,
            now=self.clock.now(),
            db=stage.db,
            repos=None,
            tools=stage.tools,
        )
        told = await action.preview(call)
        if told.effect is not None:
            kind = action.kind.name
            self.effects.append(WouldBe(kind, step.node_id, step.path, call.now, key, told.effect))
        done = finished(self._given(step.node_id, told.result))
        await journal.note(done)
        return done

    def _given(self, node_id: str, result: Mapping[str, Any]) -> Mapping[str, Any]:
        if node_id not in self.stage.mocks:
            return result
        mock = self.stage.mocks[node_id]
        if isinstance(mock, dict) and isinstance(mock.get("error"), str):
            raise NodeFailure(mock["error"], {key: value for key, value in mock.items() if key != "error"})
        return {**result, **mock} if isinstance(mock, dict) else {**result, "body": mock}


async def rehearse(
    stage: Stage,
    trigger: Any,
    at: datetime,
    *,
    begins_at: datetime | None = None,
    start_node_id: str | None = None,
    until: float,
) -> Rehearsal:
    """
    Run a workflow without doing anything.

    Args:
        stage: The workflow and what it needs.
        trigger: What would have started it.
        at: When it would have been started; ``settings.timeoutMs`` counts from then.
        begins_at: When it would have had its turn; at once by default.
        start_node_id: The node to begin at; the workflow's start by default.
        until: By `time.monotonic`, when it has to be done.

    Raises:
        TimedOutError: It takes too long.
        UnavailableError: The database is away.
    """
    clock, journal = Clock(begins_at or at), MemoryJournal(until)
    timeout = stage.run_settings.timeout
    deadline = None if timeout is None else at + timeout
    hands = TellingHands(stage, trigger, clock)
    environment = replace(live(stage.zone), now=clock.now)
    around = Surroundings.of(stage.document, trigger, stage.settings, stage.secrets, environment)
    status, output, error, node_id = ExecutionStatus.COMPLETED, None, None, None
    while True:
        try:
            output = await Walk(stage.document, journal, around, hands, clock.now, deadline).go(start_node_id)
        except RunSuspendedError as waits:
            clock.at = max(clock.at, min(waits.until, deadline) if deadline else waits.until)
            if time.monotonic() > until:
                raise TimedOutError("The dry run takes too long; try it with less data.") from None
            continue
        except RunFailedError as failed:
            status, error, node_id = ExecutionStatus.FAILED, str(failed), failed.node_id
        break
    steps = [step for step in journal.all if step.status is not StepStatus.RUNNING]
    return Rehearsal(status, output, error, node_id, steps, hands.effects, begins_at or at, clock.at)
