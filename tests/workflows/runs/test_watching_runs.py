"""Following runs: every step is told once, in order, and whoever comes back goes on where they were."""

import asyncio

import pytest
from psycopg.types.json import Jsonb

from ecoctrl_gql.db.database import Database
from ecoctrl_gql.workflows.nodes.tools import Tools
from ecoctrl_gql.workflows.runs.service import trigger_workflow
from ecoctrl_gql.workflows.runs.worker import RunWorker
from tests.events.event_server import cursor_of_now, running, settings_of, socket_to
from tests.workflows.dsl.building import around, node

CHANGED = """
    subscription ($after: String) {
      workflowExecutionChanged(after: $after) { cursor workflowExecution { status steps nodeId } }
    }
"""

CHAIN = around(
    *(node(f"n{number}", "variable", set={"n": number}) for number in range(4)),
    node("wait", "delay", durationMs=50),
    node("last", "variable", set={"n": 5}),
)


@pytest.fixture
def server(database_url, tmp_path):
    with running(database_url, tmp_path) as started:
        yield started


@pytest.fixture
async def played(server, tmp_path):
    """The cursor before a run, which then has come to its end."""
    insert = "INSERT INTO workflows (name, dsl) VALUES ('w', %s) RETURNING id"
    key = str(server.execute(insert, Jsonb(CHAIN))[0][0])
    cursor = await cursor_of_now(server.url)
    database = Database(server.database_url, pool_size=4)
    await database.open()
    worker = RunWorker(database, Tools.of(settings_of(server.database_url, tmp_path), database))
    worker.start()
    run = await trigger_workflow(database, key, None, user_id=None)
    ended = "SELECT 1 FROM workflow_executions WHERE id = %s AND completed_at IS NOT NULL"
    async with asyncio.timeout(30):
        while not server.execute(ended, run.id):
            await asyncio.sleep(0.02)
    await worker.stop()
    await database.close()
    return cursor


async def told(socket):
    """What comes until the run has ended, with cursors."""
    events = []
    while not events or events[-1]["workflowExecution"]["status"] != "COMPLETED":
        events.append(await socket.data())
    return events


async def test_every_step_is_told_once_in_order(server, played):
    async with socket_to(server.port) as socket:
        await socket.begin(CHANGED, variables={"after": played})
        events = await told(socket)

    runs = [event["workflowExecution"] for event in events]
    taken = [(run["steps"], run["nodeId"]) for run in runs]
    expected = ["start", "n0", "n1", "n2", "n3", "wait", "last", "end"]
    assert list(dict.fromkeys(taken)) == [(0, None), *enumerate(expected, 1)]
    assert "WAITING" in {run["status"] for run in runs}
    assert runs[0]["status"] == "PENDING"


async def test_whoever_comes_back_goes_on_by_cursor(server, played):
    async with socket_to(server.port) as socket:
        await socket.begin(CHANGED, variables={"after": played})
        whole = await told(socket)

    cursor, parts = played, []
    for _ in whole:
        async with socket_to(server.port) as socket:
            await socket.begin(CHANGED, variables={"after": cursor})
            event = await socket.data()
            cursor = event["cursor"]
            parts.append(event["workflowExecution"])

    assert parts == [event["workflowExecution"] for event in whole]
