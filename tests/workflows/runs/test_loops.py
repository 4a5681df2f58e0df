"""Loops: items and variables pass by pass, in order, and what a failure in one means."""

import pytest
from asking import ask, log_of, paths, states

from ecoctrl_gql.workflows.nodes.failures import NodeFailure
from tests.workflows.dsl.building import around, document, graph, node


def each(body, **config):
    return document(
        node("start", "start"),
        node("each", "loop", itemVar="item", body=body, **config),
        node("end", "end", output={"each": "{{each}}", "vars": "{{vars.seen}}"}),
        edges="start>each each>end",
    )


def asking(**config):
    return graph(
        node("in", "start"),
        ask("ask", body="{{vars.item}}", **config),
        node("out", "end", output="{{ask.body}} at {{vars.index}}"),
        edges="in>ask ask>out",
    )


async def fail_for_b(call):
    if call.config.body == "b":
        raise NodeFailure("Not b.")
    return {"body": call.config.body}


async def test_the_items_are_those_of_each_pass(runner, worker, acts):
    run = await runner.run(each(asking(), items="{{trigger.names}}"), {"names": ["a", "b", "c"]})

    results = run["output"]["each"]
    assert (results["iterations"], results["results"]) == (3, ["a at 0", "b at 1", "c at 2"])
    assert [(body, key.split("/", 1)[1]) for _, body, key in acts.calls] == [
        ("a", "each/0/ask"),
        ("b", "each/1/ask"),
        ("c", "each/2/ask"),
    ]
    assert paths(run)[:3] == ["start", "each", "each/0/in"]


async def test_passes_share_variables(runner, worker):
    body = graph(
        node("in", "start"),
        node("add", "variable", set={"seen": "{{vars.seen + vars.item}}"}),
        node("out", "end", output="{{vars.seen}}"),
        edges="in>add add>out",
    )
    dsl = each(body, items=["a", "b", "c"])
    dsl["nodes"].insert(1, node("zero", "variable", set={"seen": ""}))
    dsl["edges"] = graph(edges="start>zero zero>each each>end")["edges"]

    run = await runner.run(dsl)

    assert run["output"]["each"]["results"] == ["a", "ab", "abc"]
    assert run["output"]["vars"] == "abc"


async def test_while_asks_before_each_pass_and_ends_at_its_most(runner, worker):
    body = graph(
        node("in", "start"),
        node("add", "variable", set={"n": "{{vars.n + 1}}"}),
        node("out", "end", output="{{vars.n}}"),
        edges="in>add add>out",
    )
    dsl = document(
        node("start", "start"),
        node("zero", "variable", set={"n": 0}),
        node("some", "loop", mode="while", condition="n < 3", maxIterations=10, body=body),
        node("ever", "loop", mode="while", condition="true", maxIterations=4, body=body),
        node("never", "loop", mode="while", condition="false", maxIterations=4, body=body),
        node("end", "end", output=["{{some.results}}", "{{ever.results}}", "{{never.iterations}}"]),
        edges="start>zero zero>some some>ever ever>never never>end",
    )

    run = await runner.run(dsl)

    assert run["output"] == [[1, 2, 3], [4, 5, 6, 7], 0]


async def test_a_loop_in_a_loop(runner, worker):
    inner = graph(
        node("in", "start"),
        node("out", "end", output="{{vars.outer}}{{vars.inner}}"),
        edges="in>out",
    )
    outer = graph(
        node("in", "start"),
        node("deep", "loop", items=[1, 2], itemVar="inner", body=inner),
        node("out", "end", output="{{deep.results}}"),
        edges="in>deep deep>out",
    )
    dsl = around(node("wide", "loop", items=["a", "b"], itemVar="outer", body=outer))
    dsl["nodes"][-1]["config"] = {"output": "{{wide.results}}"}

    run = await runner.run(dsl)

    assert run["output"] == [["a1", "a2"], ["b1", "b2"]]
    assert "wide/1/deep/0/out" in paths(run)


async def test_a_failed_pass_fails_the_loop(runner, worker, acts):
    acts.does["ask"] = fail_for_b

    run = await runner.run(each(asking(), items=["a", "b", "c"]))

    assert run["status"] == "FAILED"
    assert log_of(run, "each")["error"] == "In pass 2, ask: Not b."
    assert len(acts.calls) == 2


async def test_a_failed_pass_may_be_ignored(runner, worker, acts):
    acts.does["ask"] = fail_for_b

    run = await runner.run(each(asking(), items=["a", "b", "c"], failurePolicy="ignore"))

    assert run["status"] == "COMPLETED"
    assert run["output"]["each"]["results"] == ["a at 0", {"error": "ask: Not b."}, "c at 2"]


async def test_a_loop_that_is_tried_again_begins_anew(runner, worker, acts):
    tries = []

    async def fail_at_first(call):
        tries.append(call.config.body)
        if tries == ["a", "b"]:
            raise NodeFailure("Not yet.")
        return {"body": call.config.body}

    acts.does["ask"] = fail_at_first
    dsl = each(asking(), items=["a", "b"])
    dsl["nodes"][1]["onError"] = {"action": "retry", "retryCount": 1}

    run = await runner.run(dsl)

    assert (run["status"], tries) == ("COMPLETED", ["a", "b", "a", "b"])
    assert [state for state in states(run) if state[0] == "each"] == [
        ("each", 1, "failed"),
        ("each", 2, "completed"),
    ]
    assert "each@2/1/ask" in paths(run)


async def test_ids_that_look_like_attempts_are_told_apart(runner, worker, acts):
    dsl = around(ask("a@2/0", body=1), ask("a~1", body=2))

    await runner.run(dsl)

    assert [key.split("/", 1)[1] for _, _, key in acts.calls] == ["a~22~10", "a~01"]


@pytest.mark.parametrize("items", ["[]", "[1e400, 99999999999999999999]", "{{trigger.nothing}}"])
async def test_odd_items_harm_nobody(runner, worker, items):
    run = await runner.run(each(asking(), items=items))

    assert run["status"] in ("COMPLETED", "FAILED")
    assert run["nodeLogs"][1]["path"] == "each"


async def test_a_loop_without_end_stops_at_the_limit_of_steps(runner, worker, monkeypatch):
    """Even where failed passes are ignored."""
    monkeypatch.setattr("ecoctrl_gql.workflows.runs.limits.MAX_STEPS", 50)
    body = graph(node("in", "start"), node("out", "end"), edges="in>out")
    loop = node(
        "ever", "loop", mode="while", condition="true", maxIterations=10**9, failurePolicy="ignore", body=body
    )

    run = await runner.run(around(loop))

    assert (run["status"], len(run["nodeLogs"])) == ("FAILED", 50)
