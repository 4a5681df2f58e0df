"""Going on with a run that failed: what succeeded is taken over, in loops and branches too."""

import asyncio

from asking import ask, row_of, states

from ecoctrl_gql.workflows.nodes.failures import NodeFailure
from tests.workflows.dsl.building import around, document, graph, node

REDO = """
    mutation ($id: ID!) {
      redoWorkflowExecution(input: {id: $id}) { execution { id } userErrors { code message } }
    }
"""


class Broken:
    """An act that fails for some bodies until it is mended."""

    def __init__(self, *bodies):
        self.bodies, self.mended = bodies, False

    async def __call__(self, call):
        if call.config.body in self.bodies and not self.mended:
            raise NodeFailure("Broken.")
        return {"body": call.config.body}


async def redo(gql, runner, run):
    payload = (await gql(REDO, id=run["id"])).data["redoWorkflowExecution"]
    assert payload["userErrors"] == []
    return await runner.until(payload["execution"]["id"])


async def test_what_succeeded_is_not_done_again(runner, worker, gql, acts, db):
    broken = acts.does["b"] = Broken(None)
    dsl = around(
        ask("a", body="{{uuid()}}"), node("tell", "alert", device="d", message="m"), ask("b"), ask("c")
    )
    failed = await runner.run(dsl, {"n": 1})
    assert failed["status"] == "FAILED"
    broken.mended = True

    run = await redo(gql, runner, failed)

    assert (run["status"], acts.urls) == ("COMPLETED", ["a", "b", "b", "c"])
    assert acts.calls[1][2] == acts.calls[2][2]  # whoever was asked knows it again
    assert await db.repositories().alerts.count() == 1
    assert run["triggerData"] == failed["triggerData"]
    assert await row_of(db, run, "redo_of_id::text") == (failed["databaseId"],)
    assert await row_of(db, run, "steps") == (6,)


async def test_a_loop_goes_on_in_the_pass_that_failed(runner, worker, gql, acts):
    broken = acts.does["ask"] = Broken("b")
    body = graph(
        node("in", "start"),
        ask("ask", body="{{vars.item}}"),
        node("out", "end", output="{{ask.body}}{{vars.index}}"),
        edges="in>ask ask>out",
    )
    loop = node("each", "loop", items="{{trigger.items}}", itemVar="item", body=body)
    dsl = around(loop | {"timeoutMs": 60_000})
    dsl["nodes"][-1]["config"] = {"output": "{{each.results}}"}
    failed = await runner.run(dsl, {"items": ["a", "b", "c"]})
    assert failed["status"] == "FAILED"
    broken.mended = True

    run = await redo(gql, runner, failed)

    assert (run["status"], run["output"]) == ("COMPLETED", ["a0", "b1", "c2"])
    assert [body for _, body, _ in acts.calls] == ["a", "b", "b", "c"]


async def test_a_redone_loop_has_its_whole_time(runner, worker, gql, acts, db):
    broken = acts.does["a"] = Broken(None)
    body = graph(node("in", "start"), ask("a"), node("out", "end"), edges="in>a a>out")
    loop = node("each", "loop", items=[1], itemVar="item", body=body) | {"timeoutMs": 2_000}
    failed = await runner.run(around(loop))
    async with db.connection() as connection:
        await connection.execute("UPDATE workflow_steps SET started_at = started_at - interval '1 day'")
    broken.mended = True

    assert (await redo(gql, runner, failed))["status"] == "COMPLETED"


async def test_branches_that_succeeded_are_taken_over(runner, worker, gql, acts):
    broken = acts.does["b"] = Broken(None)
    branches = [
        graph(node("in", "start"), ask(each), node("out", "end", output=each), edges=f"in>{each} {each}>out")
        for each in "abc"
    ]
    dsl = document(
        node("start", "start"),
        node("all", "parallel", branches=branches),
        node("end", "end", output="{{all.branches}}"),
        edges="start>all all>end",
    )
    failed = await runner.run(dsl)
    broken.mended = True

    run = await redo(gql, runner, failed)

    assert run["output"] == ["a", "b", "c"]
    assert sorted(acts.urls) == ["a", "b", "b", "c"]


async def test_tries_that_failed_before_one_succeeded_are_taken_over(runner, worker, gql, acts):
    tries = []

    async def second(call):
        tries.append(1)
        if len(tries) < 2:
            raise NodeFailure("Not yet.")
        return {}

    broken = acts.does["b"] = Broken(None)
    acts.does["a"] = second
    failed = await runner.run(around(ask("a", on_error={"action": "retry", "retryCount": 3}), ask("b")))
    broken.mended = True

    run = await redo(gql, runner, failed)

    assert (run["status"], len(tries)) == ("COMPLETED", 2)
    assert states(run)[1:3] == [("a", 1, "failed"), ("a", 2, "completed")]


async def test_a_run_is_redone_once_and_then_what_went_on_with_it(runner, worker, gql, acts, db):
    broken = acts.does["b"] = Broken("b")
    failed = await runner.run(
        around(ask("b", body="b"), node("tell", "alert", device="d", message="m"), ask("c", body="c"))
    )
    broken.mended, acts.does["c"] = True, Broken("c")

    answers = await asyncio.gather(*(gql(REDO, id=failed["id"]) for _ in range(4)))

    payloads = [answer.data["redoWorkflowExecution"] for answer in answers]
    [begun] = [payload["execution"] for payload in payloads if payload["execution"]]
    refused = [payload["userErrors"][0] for payload in payloads if payload["userErrors"]]
    second = await runner.until(begun["id"])
    assert second["status"] == "FAILED"
    assert [error["code"] for error in refused] == ["CONFLICT"] * 3
    assert second["databaseId"] in refused[0]["message"]
    acts.does["c"].mended = True
    assert (await redo(gql, runner, second))["status"] == "COMPLETED"
    assert await db.repositories().alerts.count() == 1


async def test_a_run_that_went_well_is_not_redone(runner, worker, gql):
    run = await runner.run(around())

    payload = (await gql(REDO, id=run["id"])).data["redoWorkflowExecution"]

    assert payload["execution"] is None
    assert payload["userErrors"][0]["code"] == "CONFLICT"
