"""What runs come to: branches, variables, names of results, and what follows a failure."""

import pytest
from asking import ask, log_of, paths, states

from ecoctrl_gql.workflows.nodes.failures import NodeFailure
from tests.workflows.dsl.building import around, document, node


async def refuse(call):
    raise NodeFailure("The answer was 503.", {"statusCode": 503})


async def test_a_run_gives_the_output_of_its_end(runner, worker):
    dsl = document(
        node("begin", "start"),
        node("high", "condition", expression="trigger.kwh > 500"),
        node("loud", "variable", set={"word": "high", "kwh": "{{trigger.kwh}}"}),
        node("quiet", "variable", set={"word": "low"}),
        node("done", "end", output={"word": "{{vars.word}}", "kwh": "{{kwh}}"}),
        edges="begin>high high>loud:true high>quiet:false loud>done quiet>done",
    )

    run = await runner.run(dsl, {"kwh": 620})

    assert run["status"] == "COMPLETED"
    assert run["output"] == {"word": "high", "kwh": 620}
    assert [(log["nodeId"], log["status"]) for log in run["nodeLogs"]] == [
        ("begin", "completed"),
        ("high", "completed"),
        ("loud", "completed"),
        ("done", "completed"),
    ]
    assert run["triggerData"] == {"kwh": 620, "source": "manual"}


@pytest.mark.parametrize(
    ("value", "word"), [("a", "first"), (2, "second"), ("2", "second"), (99, "many"), (3, "rest")]
)
async def test_a_switch_follows_the_case_that_fits(runner, worker, value, word):
    cases = [{"value": "a"}, {"value": 2}, {"value": "50", "operator": ">"}]
    dsl = document(
        node("begin", "start"),
        node("which", "switch", expression="trigger.value", cases=cases),
        *(node(each, "end", output=each) for each in ("first", "second", "many", "rest")),
        edges="begin>which which>first:a which>second:2 which>many:50 which>rest:default",
    )

    run = await runner.run(dsl, {"value": value})

    assert run["output"] == word


async def test_results_have_the_names_that_documents_know(runner, worker, acts):
    outputs = {"n": "body.n", "text": "{{body.n}} kWh", "all": "{{raw}}"}
    dsl = document(
        node("begin", "start"),
        ask("plain", body={"n": 7}),
        ask("kept", body={"n": 8}, outputs=outputs),
        ask("one", body={"n": 9}, outputs="body.n"),
        node(
            "done",
            "end",
            output={
                "flat": "{{plain.body.n}}",
                "raw": "{{plain.raw.body.n}}",
                "whole": "{{plain.output.body.n}}",
                "input": "{{plain.input.url}}",
                "type": "{{plain._meta.nodeType}}",
                "kept": "{{kept.output}}",
                "one": "{{one.output}}",
            },
        ),
        edges="begin>plain plain>kept kept>one one>done",
    )

    run = await runner.run(dsl)

    assert run["output"] == {
        "flat": 7,
        "raw": 7,
        "whole": 7,
        "input": "http://test/plain",
        "type": "http_request",
        "kept": {"n": 8, "text": "8 kWh", "all": {"body": {"n": 8}}},
        "one": {"value": 9},
    }


async def test_what_fails_ends_the_run_with_the_reason(runner, worker, acts):
    acts.does["a"] = refuse

    run = await runner.run(around(ask("a"), ask("b")))

    assert (run["status"], paths(run), acts.urls) == ("FAILED", ["start", "a"], ["a"])
    assert log_of(run, "a")["error"] == "The answer was 503."
    assert log_of(run, "a")["output"] == {"statusCode": 503}


async def test_skip_goes_on_as_if_nothing_had_been_given(runner, worker, acts):
    acts.does["a"] = refuse
    dsl = document(
        node("start", "start"),
        ask("a", on_error={"action": "skip"}),
        node("end", "end", output={"status": "{{a.statusCode}}", "all": "{{a}}"}),
        edges="start>a a>end",
    )

    run = await runner.run(dsl)

    assert (run["status"], run["output"]) == ("COMPLETED", {"status": "", "all": {}})
    assert states(run)[1] == ("a", 1, "skipped")


async def test_goto_goes_on_elsewhere_and_knows_why(runner, worker, acts):
    acts.does["fetch"] = refuse
    dsl = document(
        node("start", "start"),
        ask("fetch", on_error={"action": "goto", "gotoNodeId": "sorry"}),
        node("end", "end", output="well"),
        node("sorry", "end", output={"why": "{{fetch.error}}", "status": "{{fetch.statusCode}}"}),
        edges="start>fetch fetch>end",
    )

    run = await runner.run(dsl)

    assert run["output"] == {"why": "The answer was 503.", "status": 503}
    assert states(run) == [("start", 1, "completed"), ("fetch", 1, "failed"), ("sorry", 1, "completed")]


async def test_the_walk_ends_where_it_would_come_to_a_node_again(runner, worker, acts):
    acts.does["b"] = refuse
    dsl = document(
        node("start", "start"),
        ask("a"),
        ask("b", on_error={"action": "goto", "gotoNodeId": "a"}),
        node("end", "end", output="never"),
        edges="start>a a>b b>end",
    )

    run = await runner.run(dsl)

    assert (run["status"], run["output"], acts.urls) == ("COMPLETED", {}, ["a", "b"])


async def test_an_expression_that_fails_fails_its_node(runner, worker):
    run = await runner.run(
        around(node("a", "variable", set={"x": "{{'a'.repeat(1000000) + 'a'.repeat(1000000)}}"}))
    )

    assert run["status"] == "FAILED"
    assert "1000000 are the most" in log_of(run, "a")["error"]


async def test_a_number_that_is_none_stays_so_after_a_wait(runner, worker):
    """What JSON can't say is the same before and after the run was put aside."""
    dsl = document(
        node("start", "start"),
        node("set", "variable", set={"x": "{{0 / 0}}"}),
        node("before", "variable", set={"before": "{{vars.x}}"}),
        node("wait", "delay", durationMs=30),
        node("end", "end", output={"before": "{{vars.before}}", "after": "{{vars.x}}"}),
        edges="start>set set>before before>wait wait>end",
    )

    run = await runner.run(dsl)

    assert run["output"] == {"before": None, "after": None}
