"""Stopping runs wherever they stand, and how many of a workflow go on at a time."""

import asyncio

from asking import ask, execute, row_of, states

from ecoctrl_gql.db.enums import TriggerType
from ecoctrl_gql.workflows.runs.starting import NewRun, start_run
from tests.workflows.dsl.building import around, node

CANCEL = """
    mutation ($id: ID!) {
      cancelWorkflowExecution(input: {id: $id}) { execution { status } userErrors { code message } }
    }
"""


class Gate:
    """An act that waits until it is let through, and knows how many are in it."""

    def __init__(self):
        self.open = asyncio.Event()
        self.inside = self.most = self.passed = 0

    async def __call__(self, call):
        self.inside += 1
        self.most = max(self.most, self.inside)
        try:
            await self.open.wait()
            self.passed += 1
        finally:
            self.inside -= 1
        return {}

    async def reached(self, number=1):
        async with asyncio.timeout(20):
            while self.inside < number:
                await asyncio.sleep(0.01)


def with_policy(policy, limit=1):
    return around(ask("gate"), settings={"concurrency": {"policy": policy, "limit": limit}})


async def cancel(gql, execution_id):
    return (await gql(CANCEL, id=execution_id)).data["cancelWorkflowExecution"]


async def test_a_run_that_has_not_begun_is_stopped(runner, working, gql, acts):
    execution_id = await runner.start(await runner.workflow(around(ask("a"))))
    await cancel(gql, execution_id)

    async with working():
        run = await runner.until(execution_id)

    assert (run["status"], run["nodeLogs"], acts.calls) == ("CANCELLED", [], [])


async def test_a_run_that_waits_is_stopped_at_once(runner, worker, gql, db):
    execution_id = await runner.start(
        await runner.workflow(around(node("wait", "delay", durationMs=3_600_000)))
    )
    await runner.until(execution_id, "WAITING")
    await cancel(gql, execution_id)

    run = await runner.until(execution_id)

    assert run["status"] == "CANCELLED"
    error, wake_at = await row_of(db, run, "error, wake_at")
    assert (error.startswith("Stopped by "), wake_at) == (True, None)


async def test_a_run_at_work_is_stopped_in_its_node(runner, worker, gql, acts):
    gate = acts.does["gate"] = Gate()
    execution_id = await runner.start(await runner.workflow(around(ask("gate"), ask("b"))))
    await gate.reached()
    await cancel(gql, execution_id)

    run = await runner.until(execution_id)

    assert (run["status"], gate.inside, acts.urls) == ("CANCELLED", 0, ["gate"])
    assert states(run)[-1] == ("gate", 1, "running")


async def test_a_run_that_has_ended_can_t_be_stopped(runner, worker, gql):
    execution_id = await runner.start(await runner.workflow(around()))
    await runner.until(execution_id)

    answer = await cancel(gql, execution_id)

    assert answer["execution"] is None
    assert answer["userErrors"] == [{"code": "CONFLICT", "message": "The run is completed already."}]


async def test_queue_lets_one_go_on_after_the_other(runner, worker, acts):
    gate = acts.does["gate"] = Gate()
    workflow = await runner.workflow(with_policy("queue", 2))
    ids = [await runner.start(workflow) for _ in range(6)]
    await gate.reached(2)
    await asyncio.sleep(0.3)
    assert (gate.inside, len(acts.calls)) == (2, 2)

    gate.open.set()
    runs = [await runner.until(each) for each in ids]

    assert {run["status"] for run in runs} == {"COMPLETED"}
    assert (gate.most, gate.passed) == (2, 6)


async def test_a_run_in_the_queue_is_stopped_while_another_has_its_turn(runner, worker, gql, acts):
    gate = acts.does["gate"] = Gate()
    workflow = await runner.workflow(with_policy("queue"))
    first, second, third = [await runner.start(workflow) for _ in range(3)]
    await gate.reached()
    await cancel(gql, second)
    assert (await runner.until(second))["status"] == "CANCELLED"

    gate.open.set()

    assert (await runner.until(first))["status"] == "COMPLETED"
    assert (await runner.until(third))["status"] == "COMPLETED"
    assert gate.passed == 2


async def test_the_next_waits_until_one_that_is_stopped_has_stopped(runner, worker, gql, acts):
    """Nothing runs beside a node that has not heard yet that it should stop."""
    begun, most = [], []

    async def stubborn(call):
        begun.append(call.key)
        most.append(len(begun))
        try:
            await asyncio.sleep(30 if len(most) == 1 else 0)
        finally:
            await asyncio.shield(asyncio.sleep(0.3))
            begun.remove(call.key)
        return {}

    acts.does["gate"] = stubborn
    workflow = await runner.workflow(with_policy("queue"))
    first = await runner.start(workflow)
    async with asyncio.timeout(20):
        while not begun:
            await asyncio.sleep(0.01)
    second = await runner.start(workflow)
    await cancel(gql, first)

    assert (await runner.until(second))["status"] == "COMPLETED"
    assert (await runner.until(first))["status"] == "CANCELLED"
    assert most == [1, 1]


async def test_skip_lets_no_other_begin(runner, worker, gql, acts):
    gate = acts.does["gate"] = Gate()
    workflow = await runner.workflow(with_policy("skip"))
    first = await runner.start(workflow)
    trigger = "mutation ($id: ID!) { triggerWorkflow(input: {id: $id}) { userErrors { code } } }"
    answers = await asyncio.gather(*(gql(trigger, id=workflow) for _ in range(5)))
    assert {each.data["triggerWorkflow"]["userErrors"][0]["code"] for each in answers} == {"CONFLICT"}

    gate.open.set()
    await runner.until(first)

    assert (await runner.until(await runner.start(workflow)))["status"] == "COMPLETED"


async def test_replace_stops_the_oldest(runner, worker, acts, db):
    gate = acts.does["gate"] = Gate()
    workflow = await runner.workflow(with_policy("replace"))
    first = await runner.start(workflow)
    await gate.reached()
    second = await runner.start(workflow)

    stopped = await runner.until(first)
    gate.open.set()

    assert stopped["status"] == "CANCELLED"
    assert await row_of(db, stopped, "error") == ("Replaced by a run that began later.",)
    assert (await runner.until(second))["status"] == "COMPLETED"


async def test_what_was_started_already_replaces_nothing(runner, make, db):
    """Two processes that find the same trigger due: the second must not stop the run of the first."""
    workflow = await make.workflow(dsl=with_policy("replace"))

    async def fire():
        run = NewRun(workflow.id, 1, TriggerType.SCHEDULE, {"source": "schedule"}, dedup_key="at noon")
        async with db.transaction() as repos:
            return await start_run(repos, run)

    first, second = await fire(), await fire()

    assert (first is not None, second) == (True, None)
    left = await execute(db, "SELECT cancel_requested_at FROM workflow_executions")
    assert left == [(None,)]


async def test_a_run_whose_workflow_is_deleted_ends_with_it(runner, worker, acts, db):
    gate = acts.does["gate"] = Gate()
    await runner.start(await runner.workflow(around(ask("gate"), ask("b"))))
    await gate.reached()
    await execute(db, "DELETE FROM workflows")
    gate.open.set()

    other = await runner.run(around(ask("c")))

    assert (other["status"], acts.urls) == ("COMPLETED", ["gate", "c"])
