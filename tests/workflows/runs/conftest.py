"""A worker beside the application, and workflows to run."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest

from ecoctrl_gql.db.database import Database
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
        id status output triggerData completedAt
        nodeLogs { nodeId nodeType path attempt status input output error dueAt }
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


@pytest.fixture
async def worker(database_url, settings, outside) -> AsyncIterator[RunWorker]:
    database = Database(database_url, pool_size=4)
    await database.open()
    made = RunWorker(database, Tools.of(settings.model_copy(update=outside), database))
    made.start()
    yield made
    await made.stop()
    await database.close()
