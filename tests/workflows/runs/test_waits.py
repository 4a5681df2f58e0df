"""Waits that outlive workers, tries and their times, and what takes too long."""

import asyncio
from datetime import datetime, timedelta

from asking import ask, execute, log_of, row_of, states

from ecoctrl_gql.workflows.nodes.failures import NodeFailure
from tests.workflows.dsl.building import around, document, node


async def fail(call):
    raise NodeFailure("No.")


def waits_of(run, path, attempts):
    """The waits behind failed attempts, in ms."""
    logs = [log_of(run, path, attempt) for attempt in range(1, attempts + 1)]
    return [
        (datetime.fromisoformat(log["dueAt"]) - datetime.fromisoformat(log["completedAt"]))
        / timedelta(milliseconds=1)
        for log in logs
    ]


async def test_a_delay_outlives_its_worker(runner, working, acts):
    dsl = around(ask("a"), node("wait", "delay", durationMs=600), ask("b"))
    async with working():
        execution_id = await runner.start(await runner.workflow(dsl))
        waiting = await runner.until(execution_id, "WAITING")
    assert states(waiting)[-1] == ("wait", 1, "waiting")
    due = log_of(waiting, "wait")["dueAt"]

    async with working():
        run = await runner.until(execution_id)

    assert (run["status"], acts.urls) == ("COMPLETED", ["a", "b"])
    assert log_of(run, "wait")["output"] == {"delayedMs": 600}
    assert datetime.fromisoformat(log_of(run, "wait")["completedAt"]) >= datetime.fromisoformat(due)


async def test_tries_come_later_and_later(runner, worker, acts):
    acts.does["a"] = fail
    again = {"action": "retry", "retryCount": 3, "retryDelayMs": 20, "retryBackoff": 3}

    run = await runner.run(around(ask("a", on_error=again)))

    assert states(run)[1:] == [("a", attempt, "failed") for attempt in (1, 2, 3, 4)]
    assert waits_of(run, "a", 3) == [20, 60, 180]
    assert log_of(run, "a", 4)["dueAt"] is None
    assert len({key for _, _, key in acts.calls}) == 1


async def test_a_part_of_a_wait_is_left_to_chance(runner, worker, acts):
    acts.does["a"] = fail
    again = {"action": "retry", "retryCount": 6, "retryDelayMs": 40, "retryJitter": 0.5}

    run = await runner.run(around(ask("a", on_error=again)))

    waits = waits_of(run, "a", 6)
    assert all(20 <= wait <= 40 for wait in waits)
    assert len(set(waits)) > 1


async def test_a_try_succeeds_at_last(runner, worker, acts):
    tries = []

    async def third(call):
        tries.append(call.key)
        if len(tries) < 3:
            raise NodeFailure("Not yet.")
        return {"n": len(tries)}

    acts.does["a"] = third
    again = {"action": "retry", "retryCount": 5, "retryDelayMs": 1}
    dsl = around(ask("a", on_error=again))
    dsl["nodes"][-1]["config"] = {"output": "{{a.n}}"}

    run = await runner.run(dsl)

    assert (run["output"], states(run)[1:4]) == (
        3,
        [("a", 1, "failed"), ("a", 2, "failed"), ("a", 3, "completed")],
    )


async def test_a_node_may_take_too_long(runner, worker, acts):
    async def hang(call):
        await asyncio.sleep(60)

    acts.does["a"] = hang
    dsl = around(ask("a"))
    dsl["nodes"][1]["timeoutMs"] = 50

    run = await runner.run(dsl)

    assert (run["status"], log_of(run, "a")["error"]) == ("FAILED", "It took longer than 50 ms.")


async def test_a_run_may_take_too_long(runner, worker, acts, db):
    async def hang(call):
        await asyncio.sleep(60)

    acts.does["a"] = hang

    run = await runner.run(around(ask("a"), settings={"timeoutMs": 2_000}))  # time enough to come to a

    error, node_id = await row_of(db, run, "error, node_id")
    assert (run["status"], error, node_id) == ("FAILED", "The run took longer than its settings allow.", "a")


async def test_a_run_that_waits_takes_too_long(runner, worker, db):
    run = await runner.run(around(node("wait", "delay", durationMs=3_600_000), settings={"timeoutMs": 300}))

    assert run["status"] == "FAILED"
    assert await row_of(db, run, "error") == ("The run took longer than its settings allow.",)


async def test_a_run_takes_too_long_before_its_next_try(runner, worker, acts, db):
    acts.does["a"] = fail
    again = {"action": "retry", "retryCount": 3, "retryDelayMs": 3_600_000}

    run = await runner.run(around(ask("a", on_error=again), settings={"timeoutMs": 300}))

    error, claim = await row_of(db, run, "error, claim")
    assert (run["status"], error) == ("FAILED", "The run took longer than its settings allow.")
    assert claim <= 2  # taken up when it began and when its time was over, not again and again between


async def test_what_the_machine_s_clock_says_does_not_matter(runner, acts, db, settings):
    """A worker whose clock is an hour ahead, and one whose clock is an hour behind."""
    from ecoctrl_gql.workflows.nodes.tools import Tools
    from ecoctrl_gql.workflows.runs.engine import Engine

    dsl = document(
        node("start", "start"),
        node("wait", "delay", durationMs=500),
        ask("a"),
        node("end", "end", output="well"),
        edges="start>wait wait>a a>end",
        settings={"timeoutMs": 60_000},
    )
    for hours in (1, -1):
        execution_id = await runner.start(await runner.workflow(dsl))
        key = (await runner.look(execution_id))["databaseId"]

        def clock(hours=hours):
            return datetime.now().astimezone() + timedelta(hours=hours)

        engine = Engine(db, Tools.of(settings, db), clock)
        await engine.advance(key)
        assert (await runner.look(execution_id))["status"] == "WAITING"
        await asyncio.sleep(0.55)
        await engine.advance(key)
        run = await runner.look(execution_id)
        assert (run["status"], run["output"]) == ("COMPLETED", "well")


async def test_many_waits_that_are_over_at_once_all_go_on(runner, working, db):
    dsl = around(node("wait", "delay", durationMs=1))
    workflow = await runner.workflow(dsl)
    first = await runner.start(workflow)
    async with working():
        await runner.until(first)
    await execute(
        db,
        "INSERT INTO workflow_executions (workflow_id, version, trigger, trigger_data, status, wake_at)"
        " SELECT %s, 1, 'manual', '{}', 'waiting', now() FROM generate_series(1, 1200)",
        workflow.removeprefix("workflow_"),
    )

    left = "SELECT count(*) FROM workflow_executions WHERE completed_at IS NULL"
    async with working(), asyncio.timeout(60):
        while (await execute(db, left))[0][0]:
            await asyncio.sleep(0.1)

    statuses = "SELECT status, count(*), max(claim) FROM workflow_executions GROUP BY status"
    assert [row[:2] for row in await execute(db, statuses)] == [("completed", 1201)]
