"""The documents that are kept as examples, and the spellings of the original product."""

import pytest

from ecoctrl_gql.seed.workflows import sample_workflows
from ecoctrl_gql.workflows.dsl.kinds import KINDS
from ecoctrl_gql.workflows.dsl.validation import InvalidWorkflowError, parse, validate
from tests.workflows.dsl.building import around, document, documents, errors, found, node

DOCUMENTS = documents()


@pytest.mark.parametrize("name", DOCUMENTS)
def test_an_example_has_nothing_wrong(name):
    assert [(p.path, p.rule.value, p.message) for p in validate(DOCUMENTS[name]).problems] == []


def test_the_examples_use_every_kind_of_node():
    used = {node.kind.name for dsl in DOCUMENTS.values() for node in parse(dsl).graph.all_nodes()}

    assert {kind.name for kind in KINDS} - used == {
        "webhook_trigger",
        "event_trigger",
        "state_change_trigger",
    }


def test_the_examples_use_every_handling_of_errors():
    nodes = [node for dsl in DOCUMENTS.values() for node in parse(dsl).graph.all_nodes()]

    assert {node.on_error.action for node in nodes if node.on_error} == {"retry", "skip", "goto"}


@pytest.mark.parametrize("workflow", sample_workflows(), ids=lambda workflow: workflow["slug"])
def test_a_sample_workflow_has_no_error(workflow):
    assert errors(workflow["dsl"]) == set()


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_type_may_be_written_with_hyphens(kind):
    read = {text: parse_nodes(text) for text in kind.spellings}

    assert kind.name.replace("_", "-") in read
    assert {kind for kinds in read.values() for kind in kinds} == {kind.name}


def parse_nodes(type_):
    """The kinds of a graph's nodes of a type, whether its config is right or not."""
    from ecoctrl_gql.workflows.dsl.problems import Problems
    from ecoctrl_gql.workflows.dsl.reading import Reader

    read = Reader(Problems()).document({"version": "1.0", "nodes": [{"id": "n", "type": type_}]})
    return [node.kind.name for node in read.graph.nodes.values()]


def test_one_workflow_in_two_spellings_is_one_model():
    schedule = {"cron": "0 7 * * *", "timezone": "Asia/Shanghai"}
    read = {"pointNames": "a, b", "retry": "2"}
    top = document(
        node("s", "start"),
        node("r", "point_read", **read),
        node("e", "end"),
        edges="s>r r>e",
        trigger={"type": "schedule", "config": schedule},
    )
    by_node = document(
        node("s", "cron-trigger", **schedule),
        node("r", "point-read", **read),
        node("e", "end"),
        edges="s>r r>e",
    )
    del by_node["trigger"]

    one, other = parse(top), parse(by_node)

    for parsed in (one, other):
        (trigger,) = parsed.triggers
        assert (trigger.kind.name, trigger.node_id, trigger.config.cron) == ("schedule", "s", "0 7 * * *")
        assert parsed.graph.nodes["r"].kind.name == "point_read"
        assert parsed.graph.nodes["r"].config.point_names == ["a", "b"]
        assert parsed.graph.nodes["r"].config.retry == 2


def test_a_document_may_have_several_triggers():
    dsl = document(
        node("clock", "cron-trigger", cron="@daily"),
        node("hook", "webhook-trigger", secret="s"),
        node("hand", "start"),
        node("done", "end"),
        edges="clock>done hook>done hand>done",
    )
    del dsl["trigger"]

    triggers = parse(dsl).triggers

    assert [(t.kind.name, t.node_id) for t in triggers] == [
        ("schedule", "clock"),
        ("webhook", "hook"),
        ("manual", "hand"),
    ]
    assert found(dsl) == set()


def test_a_document_without_trigger_is_started_by_hand():
    dsl = around(trigger={"type": "manual", "config": {}})
    del dsl["trigger"]

    (trigger,) = parse(dsl).triggers

    assert (trigger.kind.name, trigger.node_id) == ("manual", "start")


def test_what_has_no_meaning_is_kept_and_told():
    dsl = around(node("v", "variable", set={"a": 1}, sett={"b": 2}), colour="blue")

    validation = validate(dsl)

    assert found(dsl) == {("colour", "unknown_key"), ("nodes.v.config.sett", "unknown_key")}
    assert validation.document.graph.nodes["v"].raw_config["sett"] == {"b": 2}
    assert [problem.hint for problem in validation.problems][1] == "Perhaps set is meant."


def test_what_editors_keep_is_no_problem():
    dsl = around(node("v", "variable", set={"a": 1}, __version="1.2.0"))
    dsl["nodes"][1] |= {"position": {"x": 1, "y": 2.5}, "selected": True, "data": {}, "onError": None}
    dsl["edges"][0] |= {"sourceHandle": "out", "targetHandle": None, "animated": True, "label": None}

    assert found(dsl | {"$schema": "x", "viewport": {}}) == set()


def test_parsing_what_is_wrong_names_the_first_error():
    with pytest.raises(InvalidWorkflowError) as caught:
        parse(around(node("w", "delay", durationMs=-1)) | {"edges": []})

    assert str(caught.value).startswith("durationMs can't be less than 0. (nodes.w.config.durationMs) And ")
    assert caught.value.field == ("input", "dsl")
    assert all(problem.severity == "error" for problem in caught.value.problems)
