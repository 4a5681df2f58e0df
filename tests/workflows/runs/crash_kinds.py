"""The workflows of the crash test: each with what it must come to, whatever happens to its workers."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.workflows.dsl.building import document, graph, node


@dataclass(frozen=True)
class Kind:
    """
    A workflow.

    Attributes:
        dsl: The document, by the address of the web service.
        output: What a run gives, by its number; None where it fails.
        alerts: What it raises, each once.
        calls: What it asks the web service, each under one key.
        fails: Whether it ends as failed.
    """

    dsl: Callable[[str], dict[str, Any]]
    output: Callable[[int], Any]
    alerts: tuple[str, ...]
    calls: tuple[str, ...] = ()
    fails: bool = False


def raise_alert(id: str, message: str, **more: Any) -> dict[str, Any]:
    return node(id, "alert", device="run {{trigger.run}}", message=message, **more)


def insert(id: str, message: str) -> dict[str, Any]:
    data = {"device": "run {{trigger.run}}", "level": "low", "message": message}
    return node(id, "database", operation="insert", table="alerts", data=data)


def call(id: str, url: str, step: str, on_error: Any = None, **more: Any) -> dict[str, Any]:
    """A request that tells who sends it, and when it was made up."""
    body = {"run": "{{trigger.run}}", "step": step, "at": "{{now()}}", "n": "{{trigger.run}}"}
    return node(id, "http_request", on_error, url=url, method="POST", body=body, **more)


def linear(web: str) -> dict[str, Any]:
    return document(
        node("begin", "start"),
        node("set", "variable", set={"twice": "{{trigger.run * 2}}"}),
        raise_alert("first", "linear 1"),
        call("ask", f"{web}/double", "ask"),
        raise_alert("second", "linear {{ask.body.n == vars.twice ? 2 : ask.body.n}}"),
        node("done", "end", output={"n": "{{ask.body.n}}"}),
        edges="begin>set set>first first>ask ask>second second>done",
    )


def loop(web: str) -> dict[str, Any]:
    body = graph(
        node("in", "start"),
        call("ask", f"{web}/double", "ask/{{vars.index}}"),
        raise_alert("tell", "loop {{vars.item}}"),
        node("out", "end", output={"item": "{{vars.item}}", "n": "{{ask.body.n}}"}),
        edges="in>ask ask>tell tell>out",
    )
    return document(
        node("begin", "start"),
        node("each", "loop", items=["a", "b", "c", "d"], itemVar="item", body=body),
        node("done", "end", output="{{each.results}}"),
        edges="begin>each each>done",
    )


def parallel(web: str) -> dict[str, Any]:
    waits = graph(
        node("in", "start"),
        node("wait", "delay", durationMs=400),
        raise_alert("tell", "branch waits"),
        node("set", "variable", set={"a": 1}),
        node("out", "end", output="waited"),
        edges="in>wait wait>tell tell>set set>out",
    )
    asks = graph(
        node("in", "start"),
        call("ask", f"{web}/double", "branch"),
        node("set", "variable", set={"b": "{{ask.body.n}}"}),
        insert("tell", "branch asks"),
        node("out", "end", output="asked"),
        edges="in>ask ask>set set>tell tell>out",
    )
    count = graph(
        node("in", "start"),
        insert("tell", "branch pass {{vars.index}}"),
        node("out", "end", output="{{vars.index}}"),
        edges="in>tell tell>out",
    )
    counts = graph(
        node("in", "start"),
        node("each", "loop", items=[1, 2, 3], itemVar="item", body=count),
        node("out", "end", output="{{each.results}}"),
        edges="in>each each>out",
    )
    return document(
        node("begin", "start"),
        node("all", "parallel", branches=[waits, asks, counts]),
        node("done", "end", output={"all": "{{all.branches}}", "a": "{{vars.a}}", "b": "{{vars.b}}"}),
        edges="begin>all all>done",
    )


def waiting(web: str) -> dict[str, Any]:
    return document(
        node("begin", "start"),
        node("short", "delay", durationMs=200),
        raise_alert("tell", "waited"),
        node("long", "delay", durationMs=900),
        call("ask", f"{web}/double", "ask"),
        node("done", "end", output={"n": "{{ask.body.n}}"}),
        edges="begin>short short>tell tell>long long>ask ask>done",
    )


def retrying(web: str) -> dict[str, Any]:
    again = {"action": "retry", "retryCount": 9, "retryDelayMs": 60, "retryBackoff": 1.5, "retryJitter": 0.5}
    return document(
        node("begin", "start"),
        call("ask", f"{web}/flaky", "ask", again, failOnStatus=True),
        raise_alert("tell", "tried again"),
        node("done", "end", output={"n": "{{ask.body.n}}"}),
        edges="begin>ask ask>tell tell>done",
    )


def counting(web: str) -> dict[str, Any]:
    body = graph(
        node("in", "start"),
        node("add", "variable", set={"count": "{{vars.count + 1}}"}),
        insert("tell", "count {{vars.count}}"),
        node("out", "end", output="{{vars.count}}"),
        edges="in>add add>tell tell>out",
    )
    return document(
        node("begin", "start"),
        node("zero", "variable", set={"count": 0}),
        node("each", "loop", mode="while", condition="count < 4", maxIterations=50, body=body),
        node("done", "end", output={"count": "{{vars.count}}", "results": "{{each.results}}"}),
        edges="begin>zero zero>each each>done",
    )


def failing(web: str) -> dict[str, Any]:
    return document(
        node("begin", "start"),
        raise_alert("tell", "before the failure"),
        call("ask", f"{web}/refuse", "ask", failOnStatus=True),
        raise_alert("never", "after the failure"),
        node("done", "end"),
        edges="begin>tell tell>ask ask>never never>done",
    )


def caught(web: str) -> dict[str, Any]:
    sorry = {"action": "goto", "gotoNodeId": "sorry"}
    return document(
        node("begin", "start"),
        call("ask", f"{web}/refuse", "ask", sorry, failOnStatus=True),
        node("done", "end"),
        raise_alert("sorry", "caught {{ask.statusCode}}"),
        node("over", "end", output={"status": "{{ask.statusCode}}"}),
        edges="begin>ask ask>done sorry>over",
    )


def queued(web: str) -> dict[str, Any]:
    return document(
        node("begin", "start"),
        call("ask", f"{web}/double", "ask"),
        raise_alert("tell", "in turn"),
        node("done", "end", output={"n": "{{ask.body.n}}"}),
        edges="begin>ask ask>tell tell>done",
        settings={"concurrency": {"policy": "queue", "limit": 1}},
    )


def doubled(run: int) -> dict[str, int]:
    return {"n": run * 2}


KINDS = {
    "linear": Kind(linear, doubled, ("linear 1", "linear 2"), ("ask",)),
    "loop": Kind(
        loop,
        lambda run: [{"item": item, "n": run * 2} for item in "abcd"],
        ("loop a", "loop b", "loop c", "loop d"),
        ("ask/0", "ask/1", "ask/2", "ask/3"),
    ),
    "parallel": Kind(
        parallel,
        lambda run: {"all": ["waited", "asked", [0, 1, 2]], "a": 1, "b": run * 2},
        ("branch waits", "branch asks", "branch pass 0", "branch pass 1", "branch pass 2"),
        ("branch",),
    ),
    "waiting": Kind(waiting, doubled, ("waited",), ("ask",)),
    "retrying": Kind(retrying, doubled, ("tried again",), ("ask",)),
    "counting": Kind(
        counting,
        lambda run: {"count": 4, "results": [1, 2, 3, 4]},
        ("count 1", "count 2", "count 3", "count 4"),
    ),
    "failing": Kind(failing, lambda run: None, ("before the failure",), ("ask",), fails=True),
    "caught": Kind(caught, lambda run: {"status": 500}, ("caught 500",), ("ask",)),
    "queued": Kind(queued, doubled, ("in turn",), ("ask",)),
}
