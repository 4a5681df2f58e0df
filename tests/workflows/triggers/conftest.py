"""What starts workflows, looked at step by step: nothing runs by itself, and the time is what a test says."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ecoctrl_gql.db.tables import WorkflowExecutionRow
from ecoctrl_gql.workflows.triggers.running import Triggers
from tests.factories import Factories
from tests.workflows.dsl.building import document, node


@dataclass
class Hands:
    """
    A hand on the clock.

    Attributes:
        ahead: How far the clock is ahead of the real one.
        at: What the clock shows, where it stands still.
    """

    ahead: timedelta = timedelta()
    at: datetime | None = None

    def __call__(self) -> datetime:
        return self.at or datetime.now(UTC) + self.ahead


@dataclass
class World:
    """Workflows, and what has been started of them."""

    db: Any
    settings: Any
    make: Factories
    clock: Hands = field(default_factory=Hands)

    def triggers(self) -> Triggers:
        """What a process has that starts workflows."""
        return Triggers(self.db, self.settings, now=self.clock)

    async def workflow(self, type: str, /, *, dsl: Any = None, values: Any = None, **config: Any) -> Any:
        """A workflow with one trigger."""
        return await self.make.workflow(dsl=dsl or started_by(type, **config), **(values or {}))

    async def execute(self, statement: str, *values: Any) -> list[Any]:
        """Plain SQL, as another program sends it."""
        async with self.db.connection() as connection:
            cursor = await connection.execute(statement, values or None)
            return await cursor.fetchall() if cursor.description else []

    async def runs(self, workflow: Any = None) -> list[WorkflowExecutionRow]:
        """The runs that were started, of one workflow or of all, in their order."""
        columns = frozenset({"workflow_id", "trigger_data", "status", "trigger", "version", "dedup_key"})
        found = await self.db.repositories().workflow_executions.all(
            "started_at", columns | {"start_node_id"}
        )
        return [run for run in found if workflow is None or run.workflow_id == workflow.id]

    async def data(self, workflow: Any = None) -> list[dict[str, Any]]:
        """What they were started with."""
        return [run.trigger_data for run in await self.runs(workflow)]

    async def armed(self, workflow: Any) -> list[Any]:
        columns = frozenset({"path", "type", "config", "node_id", "next_at", "fired_at"})
        found = await self.db.repositories().workflow_triggers.all("path", columns | {"workflow_id"})
        return [trigger for trigger in found if trigger.workflow_id == workflow.id]


def started_by(type: str, /, **config: Any) -> dict[str, Any]:
    """A document that one trigger starts and that ends at once."""
    trigger = {"type": type, "config": config}
    return document(node("begin", "start"), node("done", "end"), edges="begin>done", trigger=trigger)


@pytest.fixture
def world(db, settings, make) -> World:
    return World(db, settings, make)
