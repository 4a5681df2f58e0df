"""The journal of a run in the database."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import orjson

from ecoctrl_gql.db.database import Database
from ecoctrl_gql.db.enums import StepStatus
from ecoctrl_gql.db.repositories import Repositories
from ecoctrl_gql.db.repositories.workflow_steps import StepRecord
from ecoctrl_gql.db.workflow_runs import Claimed
from ecoctrl_gql.workflows.runs.steps import RunLostError, RunStoppedError, Step
from ecoctrl_gql.workflows.runs.values import shown


class StepIndex:
    """Steps by path and attempt."""

    def __init__(self, steps: Sequence[Step] = ()) -> None:
        self._steps: dict[tuple[str, int], Step] = {}
        self._places: set[str] = set()
        self._size = 0
        for step in steps:
            self.put(step)

    def put(self, step: Step) -> None:
        self._size += len(orjson.dumps((step.input, step.result, step.state)))
        self._steps[step.path, step.attempt] = step
        place = step.path
        while (cut := place.rfind("/")) >= 0 and (above := place[: cut + 1]) not in self._places:
            self._places.add(above)
            place = place[:cut]

    def find(self, path: str, attempt: int) -> Step | None:
        return self._steps.get((path, attempt))

    def has_below(self, path: str) -> bool:
        return path in self._places

    @property
    def length(self) -> int:
        return len(self._steps)

    @property
    def size(self) -> int:
        return self._size

    @property
    def all(self) -> list[Step]:
        """All of them, in the order in which they began."""
        return list(self._steps.values())


class DatabaseJournal(StepIndex):
    """
    The journal of a run that a worker has claimed.

    Args:
        db: The database.
        run: The run.
        secrets: What is never shown.
        steps: What was kept before.
        on_step: Told when a step is kept.
    """

    def __init__(
        self,
        db: Database,
        run: Claimed,
        secrets: Sequence[str],
        steps: Sequence[StepRecord] = (),
        on_step: Callable[[], None] = lambda: None,
    ) -> None:
        super().__init__([_step(record) for record in steps])
        self._db, self._run, self._secrets, self._on_step = db, run, secrets, on_step

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Repositories]:
        async with self._db.transaction() as repos:
            # First of all: branches of a run that hold rows would else wait for each other in a circle.
            stopped = await repos.workflow_executions.hold(self._run)
            if stopped is None:
                raise RunLostError
            if stopped:
                raise RunStoppedError
            yield repos

    async def note(self, step: Step, repos: Repositories | None = None) -> None:
        steps = (repos or self._db.repositories()).workflow_steps
        stopped = await steps.note(self._values(step))
        if stopped is None:
            raise RunLostError
        self.put(step)
        self._on_step()
        if stopped and repos is None:
            raise RunStoppedError

    def log(self, most: int) -> list[dict[str, Any]]:
        """The last steps as a run's ``nodeLogs`` have them."""
        return [log_entry(step, self._secrets) for step in self.all[-most:]]

    def _values(self, step: Step) -> dict[str, Any]:
        given, output = shown(step.input, self._secrets), shown(step.result, self._secrets)
        whole = output == step.result and given == step.input and step.state is None
        return {
            "execution_id": self._run.id,
            "claim": self._run.claim,
            "path": step.path,
            "attempt": step.attempt,
            "node_id": step.node_id,
            "node_name": step.node_name,
            "node_type": step.node_type,
            "status": step.status.value,
            "started_at": step.started_at,
            "completed_at": step.completed_at,
            "due_at": step.due_at,
            "input": given,
            "output": output,
            "outcome": None if whole else {"input": step.input, "result": step.result, "state": step.state},
            "error": shown(step.error, self._secrets),
        }


def log_entry(step: Step, secrets: Sequence[str]) -> dict[str, Any]:
    """A step as the log of a run shows it: with the keys that EcoCtrl's have."""
    took = None if step.completed_at is None else step.completed_at - step.started_at
    entry = {
        "nodeId": step.node_id,
        "nodeName": step.node_name,
        "nodeType": step.node_type,
        "path": step.path,
        "attempt": step.attempt,
        "status": step.status.value,
        "startedAt": step.started_at.isoformat(),
        "completedAt": None if step.completed_at is None else step.completed_at.isoformat(),
        "durationMs": None if took is None else took.total_seconds() * 1000,
        "dueAt": None if step.due_at is None else step.due_at.isoformat(),
        "input": shown(step.input, secrets),
        "output": shown(step.result, secrets),
        "error": shown(step.error, secrets),
    }
    return {key: value for key, value in entry.items() if value is not None}


def _step(record: StepRecord) -> Step:
    kept = record.outcome or {"input": record.input, "result": record.output}
    return Step(
        path=record.path,
        attempt=record.attempt,
        node_id=record.node_id,
        node_name=record.node_name or record.node_id,
        node_type=record.node_type,
        status=StepStatus(record.status),
        started_at=record.started_at,
        completed_at=record.completed_at,
        due_at=record.due_at,
        input=kept.get("input"),
        result=kept.get("result"),
        state=kept.get("state"),
        error=record.error,
    )
