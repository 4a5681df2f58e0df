"""Nodes that act by themselves, without a run around them."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from ecoctrl_gql.config import Settings
from ecoctrl_gql.db.database import Database
from ecoctrl_gql.workflows.dsl.registry import Effect
from ecoctrl_gql.workflows.nodes import ACTIONS
from ecoctrl_gql.workflows.nodes.call import NodeCall, Preview
from ecoctrl_gql.workflows.nodes.tools import Tools
from ecoctrl_gql.workflows.runs.failures import FAILURES

NOW = datetime(2026, 11, 28, 7, 0, tzinfo=UTC)


@dataclass
class Nodes:
    """Acts as the run engine does: kinds with effects on our database in a transaction, others without."""

    db: Database
    settings: Settings
    changes: dict[str, Any] = field(default_factory=dict)
    replaced: dict[str, Any] = field(default_factory=dict)

    def set(self, **settings: Any) -> None:
        """Change settings for the calls that follow."""
        self.settings = self.settings.model_copy(update=settings)

    def tools(self) -> Tools:
        return replace(Tools.of(self.settings, self.db), **self.replaced)

    def call(self, kind: str, config: dict[str, Any]) -> NodeCall[Any]:
        call = NodeCall(
            config=ACTIONS[kind].kind.read_rendered(config),
            key="run-1/node",
            execution_id="00000000-0000-4000-8000-000000000001",
            workflow_id=None,
            user_id=None,
            trigger={},
            now=NOW,
            db=self.db,
            repos=None,
            tools=self.tools(),
        )
        return replace(call, **self.changes)

    async def run(self, kind: str, **config: Any) -> dict[str, Any]:
        action, call = ACTIONS[kind], self.call(kind, config)
        if action.kind.effect is not Effect.DATABASE:
            return dict(await action.run(call))
        async with self.db.transaction() as repos:
            return dict(await action.run(replace(call, repos=repos)))

    async def preview(self, kind: str, **config: Any) -> Preview:
        return await ACTIONS[kind].preview(self.call(kind, config))

    async def failure(self, kind: str, **config: Any) -> Any:
        """How a node fails that must, by one of the errors that fail a node and nothing else."""
        with pytest.raises(FAILURES) as caught:
            await self.run(kind, **config)
        return caught.value


@pytest.fixture
def nodes(db, settings) -> Nodes:
    return Nodes(db, settings)


@pytest.fixture
def as_user(nodes) -> Callable[[str], None]:
    def start(user_id: str) -> None:
        nodes.changes["user_id"] = user_id

    return start
