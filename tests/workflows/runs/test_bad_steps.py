"""What a step may do to a run and to the worker that carries it out: results, texts, secrets, deaths."""

import asyncio
from datetime import timedelta

import pytest
from asking import ask, execute, log_of, row_of
from structlog.testing import capture_logs

from ecoctrl_gql.db.database import Database
from ecoctrl_gql.errors import UnavailableError
from ecoctrl_gql.workflows.nodes import ACTIONS
from ecoctrl_gql.workflows.nodes.call import Action
from ecoctrl_gql.workflows.nodes.failures import NodeFailure
from tests.workflows.dsl.building import around, document, graph, node


def giving(value):
    async def give(call):
        return {"body": value}

    return give


async def test_a_result_that_is_too_large_is_refused(runner, worker, acts):
    acts.does["a"] = giving("x" * 1_000_000)

    run = await runner.run(around(ask("a")))

    assert run["status"] == "FAILED"
    assert log_of(run, "a")["error"] == "There are 1,000,011 bytes; 1,000,000 are the most."


async def test_long_values_are_cut_in_the_log_and_whole_in_the_run(runner, worker, acts):
    acts.does["a"] = giving(["x" * 3_000, list(range(500))])
    dsl = document(
        node("start", "start"),
        ask("a"),
        node("wait", "delay", durationMs=20),
        node("end", "end", output="{{a.body[0].length + a.body[1].length}}"),
        edges="start>a a>wait wait>end",
    )

    run = await runner.run(dsl)

    text, numbers = log_of(run, "a")["output"]["body"]
    assert (text[:3], text[2000:], numbers[-1]) == ("xxx", "… [cut: 3,000 characters]", "[cut: 500 items]")
    assert run["output"] in (3500, "3500")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("a\x00b", "ab"),
        ({"k\x00": ["\x00"]}, {"k": [""]}),
        ("\\u0000 is no NUL", "\\u0000 is no NUL"),
        ((1, 2), [1, 2]),
        (float("inf"), None),
    ],
)
async def test_what_the_database_can_t_keep_is_left_out(runner, worker, acts, given, kept):
    acts.does["a"] = giving(given)
    dsl = around(ask("a"))
    dsl["nodes"][-1]["config"] = {"output": {"body": "{{a.body}}"}}

    run = await runner.run(dsl)

    assert (run["status"], log_of(run, "a")["output"]["body"]) == ("COMPLETED", kept)


@pytest.mark.parametrize("given", ["\ud800", 2**70, object()])
async def test_what_is_no_json_fails_the_node(runner, worker, acts, given):
    acts.does["a"] = giving(given)

    run = await runner.run(around(ask("a")))

    assert log_of(run, "a")["error"] == "There is something that is no JSON, or lies too deep."


async def test_odd_texts_of_failures_can_be_told(runner, worker, acts):
    async def fail(call):
        raise NodeFailure("odd \x00\ud800" + "x" * 5_000, {"body": 2**70})

    acts.does["a"] = fail

    run = await runner.run(around(ask("a")))

    error = log_of(run, "a")["error"]
    assert (run["status"], error[:8]) == ("FAILED", "odd ?xxx")
    assert "output" not in log_of(run, "a") or log_of(run, "a")["output"] is None


@pytest.mark.parametrize("text", ["a\x00b", 2**70])
async def test_odd_data_are_refused_or_carried(runner, worker, gql, acts, text):
    """Whatever a client sends: it is told, or a run comes to its end with it."""
    workflow = await runner.workflow(around(ask("a", body="{{trigger.text}}")))
    trigger = (
        "mutation ($id: ID!, $data: JSON) {"
        " triggerWorkflow(input: {id: $id, data: $data}) { execution { id } userErrors { code } } }"
    )

    answer = await gql(trigger, id=workflow, data={"text": text})

    if answer.errors:
        assert answer.codes == ["BAD_USER_INPUT"]
    elif answer.data["triggerWorkflow"]["execution"] is None:
        assert answer.data["triggerWorkflow"]["userErrors"][0]["code"] == "BAD_USER_INPUT"
    else:
        run = await runner.until(answer.data["triggerWorkflow"]["execution"]["id"])
        assert run["status"] in ("COMPLETED", "FAILED")


async def test_secrets_are_shown_nowhere(runner, worker, acts, db):
    async def fail(call):
        raise NodeFailure(f"Refused {call.config.body}.", {"echo": call.config.body})

    acts.does["no"] = fail
    secret = {"key": "TOKEN", "value": "s3cret-token", "type": "secret"}
    body = graph(node("in", "start"), node("out", "end", output="with {{secret.TOKEN}}"), edges="in>out")
    dsl = document(
        node("start", "start"),
        ask("ok", body="{{secret.TOKEN}}"),
        node("each", "loop", items=[1], itemVar="item", body=body),
        ask("no", body="Bearer {{secret.TOKEN}}", on_error={"action": "goto", "gotoNodeId": "end"}),
        node("end", "end", output={"a": "{{secret.TOKEN}}", "b": "{{ok.body}}", "c": "{{each.results}}"}),
        edges="start>ok ok>each each>no no>end",
        envVars=[secret],
    )
    run = await runner.run(dsl)
    failing = await runner.run(around(ask("no", body="{{secret.TOKEN}}"), envVars=[secret]))

    assert [body for _, body, _ in acts.calls][:2] == ["s3cret-token", "Bearer s3cret-token"]
    assert run["output"] == {"a": "[redacted]", "b": "[redacted]", "c": ["with [redacted]"]}
    assert "s3cret" not in str(run)
    assert "s3cret" not in str(failing)
    shown = "SELECT coalesce(result::text, '') || coalesce(error, '') FROM workflow_executions"
    steps = "SELECT concat_ws(' ', input, output, error) FROM workflow_steps"
    events = "SELECT data::text FROM events WHERE subject = 'workflow_executions'"
    for statement in (shown, steps, events):
        assert "s3cret" not in str(await execute(db, statement))


async def test_a_run_may_gather_so_much_and_no_more(runner, worker, acts, db, monkeypatch):
    monkeypatch.setattr("ecoctrl_gql.workflows.runs.limits.MAX_RUN_BYTES", 100_000)
    acts.does["a"] = giving("x" * 30_000)
    body = graph(node("in", "start"), ask("a"), node("out", "end"), edges="in>a a>out")
    loop = node("each", "loop", items=list(range(50)), itemVar="i", failurePolicy="ignore", body=body)

    run = await runner.run(around(loop))

    assert (run["status"], len(acts.calls)) == ("FAILED", 4)
    assert "are the most" in (await row_of(db, run, "error"))[0]


async def test_a_step_that_fails_its_worker_again_and_again_is_given_up(
    runner, worker, acts, db, monkeypatch
):
    monkeypatch.setattr("ecoctrl_gql.workflows.runs.worker.RETRY_AFTER_S", 0.01)

    async def break_down(call):
        raise RuntimeError("A fault of ours.")

    acts.does["a"] = break_down

    with capture_logs() as logs:
        run = await runner.run(around(ask("a")))

    error, node_id, dead, stalls = await row_of(db, run, "error, node_id, dead, stalls")
    assert (run["status"], node_id, dead, stalls) == ("FAILED", "a", True, 6)
    assert error == "Given up: 5 workers in a row died or failed over its next step."
    assert (len(acts.calls), len(logs)) == (6, 6)
    assert {entry["event"] for entry in logs} == {"A run could not be taken on; it is tried again."}


async def test_one_suspect_is_looked_at_at_a_time(runner, make, working, acts, db):
    """Of runs that were there when workers died, one can be to blame: they are not taken on together."""
    inside, most = [], []

    async def count(call):
        inside.append(call.key)
        most.append(len(inside))
        await asyncio.sleep(0.05)
        inside.remove(call.key)
        return {}

    acts.does["a"] = count
    workflow = await runner.workflow(around(ask("a")))
    ids = [await runner.start(workflow) for _ in range(5)]
    await execute(db, "UPDATE workflow_executions SET stalls = 3, status = 'running'")
    begun = (
        "INSERT INTO workflow_steps (execution_id, path, node_id, node_type, status)"
        " SELECT id, path, path, type, step.status FROM workflow_executions, (VALUES"
        " ('start', 'start', 'completed'), ('a', 'http_request', 'running')) AS step (path, type, status)"
    )
    await execute(db, begun)
    await execute(db, "UPDATE workflow_executions SET steps = 2")

    async with working():
        runs = [await runner.until(each) for each in ids]

    assert {run["status"] for run in runs} == {"COMPLETED"}
    assert max(most) == 1


async def test_an_effect_whose_commit_came_late_happens_once(runner, worker, db, monkeypatch):
    """The node's time is over while its commit is under way: it is done, whatever the worker believes."""
    original = Database.transaction
    late = []

    class Late:
        def __init__(self, database):
            self.inner = original(database)

        async def __aenter__(self):
            return await self.inner.__aenter__()

        async def __aexit__(self, *error):
            result = await self.inner.__aexit__(*error)
            if error == (None, None, None) and not late:
                late.append(1)
                await asyncio.sleep(5)
            return result

    dsl = around(
        node("tell", "alert", {"action": "retry", "retryCount": 3}, device="d", message="m")
        | {"timeoutMs": 300}
    )
    workflow = await runner.workflow(dsl)
    execution_id = await runner.start(workflow)
    monkeypatch.setattr(Database, "transaction", lambda self: Late(self))
    monkeypatch.setattr("ecoctrl_gql.workflows.runs.worker.LOST_AFTER", timedelta(0))

    run = await runner.until(execution_id)

    assert run["status"] == "COMPLETED"
    assert await db.repositories().alerts.count() == 1


async def test_a_stop_comes_before_an_effect_or_after_it(runner, worker, gql, acts, db):
    """What was done stays done, and the log says so."""
    held, go_on = asyncio.Event(), asyncio.Event()
    alert = ACTIONS["alert"]

    async def slowly(call):
        result = await alert.run(call)
        held.set()
        await go_on.wait()
        return result

    ACTIONS["alert"] = Action(alert.kind, slowly, alert.preview)
    try:
        tell = node("tell", "alert", device="d", message="m")
        execution_id = await runner.start(await runner.workflow(around(tell, ask("b"))))
        await held.wait()
        key = (await runner.look(execution_id))["databaseId"]
        stopping = asyncio.create_task(
            execute(db, "UPDATE workflow_executions SET cancel_requested_at = now() WHERE id = %s", key)
        )
        await asyncio.sleep(0.1)
        go_on.set()
        await stopping
        run = await runner.until(execution_id)
    finally:
        ACTIONS["alert"] = alert

    alerts = await db.repositories().alerts.count()
    log = log_of(run, "tell")
    assert (run["status"], alerts, log["status"]) == ("CANCELLED", 1, "completed")


async def test_the_database_s_absence_is_no_fault_of_a_run(runner, worker, acts, db, monkeypatch):
    monkeypatch.setattr("ecoctrl_gql.workflows.runs.worker.RETRY_AFTER_S", 0.01)
    away = []

    async def lose_it(call):
        away.append(1)
        if len(away) < 9:
            raise UnavailableError("The database can't be reached just now.")
        return {}

    acts.does["a"] = lose_it

    run = await runner.run(around(ask("a")))

    assert (run["status"], len(away)) == ("COMPLETED", 9)
    assert len({key for _, _, key in acts.calls}) == 1


async def test_a_call_that_is_repeated_says_the_same(runner, working, acts):
    """Under the same key the same is asked, though the time has gone on."""
    reached = asyncio.Event()

    async def hang(call):
        if not reached.is_set():
            reached.set()
            await asyncio.sleep(60)
        return {}

    acts.does["a"] = hang
    dsl = around(ask("a", body={"at": "{{now()}}", "id": "{{uuid()}}"}))
    async with working() as worker:
        execution_id = await runner.start(await runner.workflow(dsl))
        await reached.wait()
        for task in list(worker._active.values()):
            task.cancel()
        run = await runner.until(execution_id)

    assert run["status"] == "COMPLETED"
    [first, second] = acts.calls
    assert first == second
