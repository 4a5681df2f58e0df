"""A worker beside the application, and workflows to run."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from ecoctrl_gql.db.database import Database
from ecoctrl_gql.workflows.dsl.kinds.http_request import HTTP_REQUEST, HttpRequestConfig
from ecoctrl_gql.workflows.nodes import ACTIONS
from ecoctrl_gql.workflows.nodes.call import Action, NodeCall, Preview
from ecoctrl_gql.workflows.nodes.tools import Tools
from ecoctrl_gql.workflows.runs.worker import RunWorker

TRIGGER = """
    mutation ($id: ID!, $data: JSON) {
      triggerWorkflow(input: {id: $id, data: $data}) {
        execution { id databaseId status }
        userErrors { code field message }
      }
    }
"""

EXECUTION = """
    query ($id: ID!) {
      workflowExecution(id: $id) {
        id databaseId status output triggerData startedAt completedAt
        nodeLogs { nodeId nodeType path attempt status input output error startedAt completedAt dueAt }
      }
    }
"""

ENDED = ("COMPLETED", "FAILED", "CANCELLED")


@dataclass
class Runner:
    """Starts workflows through the API, and waits for what becomes of them."""

    gql: Any
    make: Any

    async def workflow(self, dsl: dict[str, Any], **values: Any) -> str:
        row = await self.make.workflow(dsl=dsl, **values)
        return f"workflow_{row.id}"

    async def start(self, workflow_id: str, data: Any = None) -> str:
        answer = await self.gql(TRIGGER, id=workflow_id, data=data)
        payload = answer.data["triggerWorkflow"]
        assert payload["userErrors"] == []
        return payload["execution"]["id"]

    async def look(self, execution_id: str) -> dict[str, Any]:
        answer = await self.gql(EXECUTION, id=execution_id)
        assert answer.errors == []
        return answer.data["workflowExecution"]

    async def until(self, execution_id: str, *statuses: str, timeout_s: float = 30.0) -> dict[str, Any]:
        async with asyncio.timeout(timeout_s):
            while (run := await self.look(execution_id))["status"] not in (statuses or ENDED):
                await asyncio.sleep(0.02)
        return run

    async def run(self, dsl: dict[str, Any], data: Any = None) -> dict[str, Any]:
        """Run a workflow to its end."""
        return await self.until(await self.start(await self.workflow(dsl), data))


@pytest.fixture
async def runner(gql, make) -> Runner:
    gql.act_as_user(await make.user(role="operator"))
    return Runner(gql, make)


@pytest.fixture
def outside() -> dict[str, Any]:
    """Settings that name what lies outside; tests that have something there override it."""
    return {}


Act = Callable[[NodeCall[HttpRequestConfig]], Awaitable[Mapping[str, Any]]]


@dataclass
class Acts:
    """
    What ``http_request`` nodes do in a test, by their address; nothing is asked.

    Attributes:
        does: What is done at an address; by default the body is given back.
        calls: The address, the body and the key of each call.
    """

    does: dict[str, Act] = field(default_factory=dict)
    calls: list[tuple[str, Any, str]] = field(default_factory=list)

    async def run(self, call: NodeCall[HttpRequestConfig]) -> Mapping[str, Any]:
        self.calls.append((call.config.url, call.config.body, call.key))
        act = self.does.get(call.config.url.removeprefix("http://test/"))
        return {"body": call.config.body} if act is None else await act(call)

    @property
    def urls(self) -> list[str]:
        return [url.removeprefix("http://test/") for url, _, _ in self.calls]


@pytest.fixture
def acts(monkeypatch: pytest.MonkeyPatch) -> Acts:
    made = Acts()

    async def preview(call: NodeCall[HttpRequestConfig]) -> Preview:
        return Preview({})

    monkeypatch.setitem(ACTIONS, "http_request", Action(HTTP_REQUEST, made.run, preview))
    return made


@pytest.fixture
def working(database_url, settings, outside):
    """Runs a worker for as long as a block runs."""

    @asynccontextmanager
    async def work() -> AsyncIterator[RunWorker]:
        database = Database(database_url, pool_size=4)
        await database.open()
        made = RunWorker(database, Tools.of(settings.model_copy(update=outside), database))
        made.start()
        yield made
        await made.stop()
        await database.close()

    return work


@pytest.fixture
async def worker(working) -> AsyncIterator[RunWorker]:
    async with working() as made:
        yield made
