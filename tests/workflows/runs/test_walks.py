"""What runs come to: branches, loops, variables, retries and waits."""

from tests.workflows.dsl.building import document, node


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
