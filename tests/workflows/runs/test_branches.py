"""Parallel branches: results and variables in order, policies, and waits in some of them."""

import asyncio
from itertools import pairwise

from asking import ask, log_of, paths

from ecoctrl_gql.workflows.nodes.failures import NodeFailure
from tests.workflows.dsl.building import document, graph, node


def branch(*nodes, output):
    ids = ["in", *(each["id"] for each in nodes), "out"]
    edges = " ".join(f"{one}>{other}" for one, other in pairwise(ids))
    return graph(node("in", "start"), *nodes, node("out", "end", output=output), edges=edges)


def all_of(*branches, on_error=None, timeout_ms=None, **config):
    both = node("all", "parallel", on_error, branches=list(branches), **config)
    return document(
        node("start", "start"),
        node("set", "variable", set={"x": "before", "kept": "before"}),
        both | ({} if timeout_ms is None else {"timeoutMs": timeout_ms}),
        node(
            "end",
            "end",
            output={
                "all": "{{all.branches}}",
                "x": "{{vars.x}}",
                "y": "{{vars.y}}",
                "kept": "{{vars.kept}}",
                "why": "{{all.error}}",
            },
        ),
        edges="start>set set>all all>end",
    )


async def fail(call):
    raise NodeFailure("No.")


async def test_results_and_variables_come_in_the_order_of_the_branches(runner, worker, acts):
    order, quick_is_done = [], asyncio.Event()

    async def slow(call):
        await quick_is_done.wait()
        order.append("slow")
        return {}

    async def quick(call):
        order.append("quick")
        quick_is_done.set()
        return {}

    acts.does |= {"slow": slow, "quick": quick}
    dsl = all_of(
        branch(ask("slow"), node("set", "variable", set={"x": "first", "y": 1}), output="one"),
        branch(ask("quick"), node("set", "variable", set={"x": "second"}), output="two {{vars.kept}}"),
        branch(output="{{vars.x}}"),
    )

    run = await runner.run(dsl)

    assert order == ["quick", "slow"]
    assert run["output"] == {
        "all": ["one", "two before", "before"],
        "x": "second",
        "y": 1,
        "kept": "before",
        "why": "",
    }
    assert {"all/0/slow", "all/1/quick", "all/2/out"} < set(paths(run))


async def test_a_failed_branch_fails_the_node_when_the_others_have_ended(runner, worker, acts):
    acts.does["no"] = fail

    run = await runner.run(
        all_of(branch(ask("no"), output=1), branch(node("wait", "delay", durationMs=50), ask("b"), output=2))
    )

    assert (run["status"], acts.urls) == ("FAILED", ["no", "b"])
    assert log_of(run, "all")["error"] == "In branch 1, no: No."


async def test_a_failed_branch_may_be_ignored(runner, worker, acts):
    acts.does["no"] = fail

    run = await runner.run(all_of(branch(ask("no"), output=1), branch(output=2), failurePolicy="ignore"))

    assert run["output"]["all"] == [{"error": "no: No."}, 2]


async def test_a_failed_branch_fails_at_once_although_another_waits(runner, worker, acts):
    """A wait of an hour holds nothing up."""

    async def later(call):
        await asyncio.sleep(0.1)
        raise NodeFailure("No.")

    acts.does["no"] = later
    waits = branch(node("wait", "delay", durationMs=3_600_000), output=1)

    run = await runner.run(all_of(waits, branch(ask("no"), output=2), failurePolicy="fail_fast"))

    assert (run["status"], log_of(run, "all")["error"]) == ("FAILED", "In branch 2, no: No.")


async def test_a_branch_goes_on_when_its_wait_is_over_although_another_is_at_work(runner, worker, acts):
    released = asyncio.Event()

    async def block(call):
        await released.wait()
        return {}

    async def release(call):
        released.set()
        return {}

    acts.does |= {"block": block, "release": release}
    dsl = all_of(
        branch(ask("block"), output="blocked"),
        branch(node("wait", "delay", durationMs=50), ask("release"), output="waited"),
    )

    run = await runner.run(dsl)

    assert (run["status"], run["output"]["all"]) == ("COMPLETED", ["blocked", "waited"])
    assert acts.urls == ["block", "release"]  # each once


async def test_branches_wait_each_for_its_own_time(runner, worker):
    waits = [branch(node("wait", "delay", durationMs=ms), output=ms) for ms in (300, 20, 150)]

    run = await runner.run(all_of(*waits))

    assert run["output"]["all"] == [300, 20, 150]
    logs = [log_of(run, f"all/{index}/wait") for index in range(3)]
    assert all(log["completedAt"] >= log["dueAt"] for log in logs if log["dueAt"])


async def test_what_waits_inside_too_long_fails_in_time(runner, worker):
    waits = branch(node("wait", "delay", durationMs=3_600_000), output=1)
    dsl = all_of(waits, timeout_ms=200, on_error={"action": "skip"})

    run = await runner.run(dsl)

    assert run["status"] == "COMPLETED"
    assert (log_of(run, "all")["status"], log_of(run, "all")["error"]) == (
        "skipped",
        "It took longer than 200 ms.",
    )


async def test_branches_write_at_the_same_time(runner, worker, db):
    writes = [
        branch(
            *(node(f"tell{n}", "alert", device=f"b{index}", message=f"m{n}") for n in range(3)), output=index
        )
        for index in range(8)
    ]

    run = await runner.run(all_of(*writes))

    assert run["output"]["all"] == list(range(8))
    assert await db.repositories().alerts.count() == 24
