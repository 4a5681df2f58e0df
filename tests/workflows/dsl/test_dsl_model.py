"""What the executor is given: graphs to walk, configs to render and read."""

import pytest
from pydantic import ValidationError

from ecoctrl_gql.workflows.dsl.kinds import KINDS
from ecoctrl_gql.workflows.dsl.registry import EdgeRule, Effect
from ecoctrl_gql.workflows.dsl.validation import parse
from tests.workflows.dsl.building import around, body, document, documents, node

BY_NAME = {kind.name: kind for kind in KINDS}


def test_the_first_edge_is_followed():
    dsl = document(node("s", "start"), node("a", "delay"), node("e", "end"), edges="s>a a>e a>s") | {
        "edges": [
            {"source": "s", "target": "a"},
            {"source": "s", "target": "e"},
            {"source": "a", "target": "e"},
        ]
    }
    graph = parse(dsl).graph

    assert graph.entry.id == "s"
    assert graph.edge_after("s").target == "a"
    assert graph.edge_after("e") is None


def test_a_condition_goes_by_its_labels():
    graph = parse(documents()["schedule-fetch-branch-mail"]).graph

    assert graph.edge_after("high", "true").target == "mail"
    assert graph.edge_after("high", "false").target == "finish"
    assert graph.edge_after("high") is None


def test_a_switch_goes_by_its_cases_and_else_by_default():
    graph = parse(documents()["signed-webhook-switch"]).graph

    assert graph.edge_after("route", "minor").target == "setLo"
    assert graph.edge_after("route", "other").target == "out"


def test_labels_are_texts_however_they_are_written():
    cases = [{"value": 5}, {"value": 2.5}, {"value": True}, {"value": 3.0}, {"value": "x"}]
    dsl = document(
        node("s", "start"), node("sw", "switch", expression="1", cases=cases), node("e", "end"), edges="s>sw"
    )
    for label in (5, 2.5, True, "3", "x", "default"):
        dsl["edges"].append({"source": "sw", "target": "e", "label": label})

    graph = parse(dsl).graph

    assert [case.value for case in graph.nodes["sw"].config.cases] == ["5", "2.5", "true", "3", "x"]
    assert [edge.label for edge in graph.outgoing["sw"]] == ["5", "2.5", "true", "3", "x", "default"]


def test_graphs_inside_are_read_too():
    graph = parse(documents()["freeze-protection"]).graph

    branches = graph.nodes["act"].graphs
    assert [list(branch.nodes) for branch in branches] == [
        ["begin", "open", "done"],
        ["begin", "stop", "done"],
    ]
    assert branches[1].nodes["stop"].path == "nodes.act.branches[1].nodes.stop"
    assert branches[1].nodes["stop"].on_error.retry_count == 3


def test_what_is_rendered_and_what_is_not():
    assert BY_NAME["condition"].deferred == BY_NAME["switch"].evaluated == {"expression"}
    assert BY_NAME["loop"].evaluated == {"condition"}
    assert BY_NAME["loop"].deferred == {"condition", "body"}
    assert BY_NAME["parallel"].deferred == {"branches"}
    assert BY_NAME["http_request"].deferred == frozenset()


def test_a_config_is_read_again_when_it_is_rendered():
    kind = BY_NAME["http_request"]
    written = around(node("h", "http_request", url="{{trigger.url}}", timeoutMs="{{vars.t}}", retry="3"))

    config = parse(written).graph.nodes["h"].config
    rendered = kind.read_rendered({"url": "http://x", "timeoutMs": "500", "retry": 3, "headers": None})

    assert (config.url, config.timeout_ms, config.retry) == ("{{trigger.url}}", "{{vars.t}}", 3)
    assert (rendered.timeout_ms, rendered.retry, rendered.headers) == (500, 3, None)
    with pytest.raises(ValidationError):
        kind.read_rendered({"url": "http://x", "timeoutMs": "{{not rendered}}"})


def test_lists_may_be_written_as_texts():
    email, loop = BY_NAME["email"], BY_NAME["loop"]

    assert email.read_rendered({"to": "a@x, b@x;c@x"}).to == ["a@x", "b@x", "c@x"]
    assert loop.read_rendered({"items": "[1, {}]", "itemVar": "i", "body": body()}).items == [1, {}]
    with pytest.raises(ValidationError):
        loop.read_rendered({"items": "1, 2", "itemVar": "i", "body": body()})


def test_every_kind_tells_what_it_does():
    outside = {name for name, kind in BY_NAME.items() if kind.effect is Effect.OUTSIDE}
    database = {name for name, kind in BY_NAME.items() if kind.effect is Effect.DATABASE}

    assert outside == {"http_request", "email", "point_write"}
    assert database == {"database", "alert", "notify", "sse_send"}
    for kind in KINDS:
        assert kind.description.endswith(".")
        assert kind.outputs
        assert all(output.description.endswith(".") for output in kind.outputs)
        assert len({output.name for output in kind.outputs}) == len(kind.outputs)
    assert BY_NAME["end"].edges is EdgeRule.NONE


def test_a_trigger_at_the_top_starts_at_the_start():
    parsed = parse(documents()["retry-weather-api"])

    (trigger,) = parsed.triggers
    assert (trigger.path, trigger.node_id, trigger.config.cron) == ("trigger", "begin", "@hourly")
    assert [(var.key, var.type, var.value) for var in parsed.env_vars] == [
        ("WEATHER_KEY", "secret", "test-key")
    ]
    assert parsed.settings.auto_save.interval_seconds == 30
