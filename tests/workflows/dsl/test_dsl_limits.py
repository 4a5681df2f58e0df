"""Documents of any size are answered, and none makes the validator slow or fail."""

import pytest

from ecoctrl_gql.workflows.dsl.limits import (
    MAX_DEPTH,
    MAX_EDGES,
    MAX_GRAPH_DEPTH,
    MAX_NODES,
    MAX_TRIGGERS,
)
from ecoctrl_gql.workflows.dsl.problems import MAX_PROBLEMS
from ecoctrl_gql.workflows.dsl.validation import validate
from tests.workflows.dsl.building import around, body, errors, found, node


def chain(length):
    return around(*(node(f"n{i}", "delay") for i in range(length - 2)))


def nested(depth):
    inner = body()
    for _ in range(depth):
        inner = body(node("l", "loop", items=[], itemVar="i", body=inner))
    return {"version": "1.0", **inner}


def deep_list(depth):
    made = []
    for _ in range(depth):
        made = [made]
    return made


def test_ten_thousand_nodes_are_allowed():
    assert found(chain(MAX_NODES)) == set()
    assert found(chain(MAX_NODES + 1)) == {("nodes", "too_large")}


def test_nodes_inside_nodes_count():
    parts = [
        node(f"p{i}", "loop", items=[], itemVar="i", body=body(node("x", "delay"))) for i in range(3_400)
    ]

    assert found(around(*parts)) == {("nodes", "too_large")}


def test_too_many_edges_are_refused():
    assert found(around() | {"edges": [{"source": "start", "target": "end"}] * (MAX_EDGES + 1)}) == {
        ("edges", "too_large")
    }


def test_too_many_triggers_are_refused():
    triggers = [node(f"t{i}", "cron-trigger", cron="@daily") for i in range(MAX_TRIGGERS + 1)]

    assert ("nodes", "too_large") in errors(around(*triggers))


@pytest.mark.parametrize(
    "payload", ["x" * 5_000_001, ["ab"] * 1_100_000, {str(i): i for i in range(500_000)}]
)
def test_five_megabytes_are_the_most(payload):
    assert found(around(node("v", "variable", set={"a": payload}))) == {("", "too_large")}


def test_a_large_text_within_the_limit_is_allowed():
    assert found(around(node("v", "variable", set={"a": "x" * 4_900_000}))) == set()


def test_graphs_may_be_nested_so_deeply():
    assert found(nested(MAX_GRAPH_DEPTH)) == set()
    (problem,) = validate(nested(MAX_GRAPH_DEPTH + 1)).problems
    assert problem.rule == "nesting"
    assert problem.path == "nodes.l" + ".body.nodes.l" * MAX_GRAPH_DEPTH


@pytest.mark.parametrize("depth", [MAX_DEPTH + 1, 2_000, 100_000])
def test_any_depth_is_answered(depth):
    for dsl in (
        deep_list(depth),
        around(node("v", "variable", set={"a": deep_list(depth)})),
        nested(depth // 2),
    ):
        (problem,) = validate(dsl).problems
        assert problem.rule == "too_large"
        assert "nested" in problem.message


def test_brackets_in_texts_are_no_depth():
    assert found(around(node("v", "variable", set={"a": "[{" * 5_000}))) == set()


def test_a_nul_that_is_spelled_out_is_no_nul():
    assert found(around(node("v", "variable", set={"a": "\\u0000"}))) == set()


def test_numbers_of_any_size_are_answered():
    assert found(around(node("v", "variable", set={"a": 10**400}))) == set()
    assert found(around(node("v", "variable", set={"a": -(2**63) - 1, "b": 1e308}))) == set()


def test_all_problems_are_counted_and_a_thousand_kept():
    validation = validate(around(*(node(f"n{i}", "teleport") for i in range(MAX_PROBLEMS + 500))))

    assert (len(validation.problems), validation.error_count) == (MAX_PROBLEMS, MAX_PROBLEMS + 500)
    assert not validation.valid


def test_more_expressions_than_anybody_needs_are_refused():
    text = "{{" + "1+" * 2_000 + "1}}"

    dsl = around(*(node(f"v{i}", "variable", set={"a": text}) for i in range(130)))

    (problem,) = validate(dsl).problems
    assert (problem.rule, problem.path) == ("too_large", "nodes.v124.config.set.a")


@pytest.mark.parametrize("length", [500, 5_000])
def test_the_work_grows_with_the_size_and_not_faster(length):
    """Counted in function calls, which a busy machine does not change."""
    assert calls_of(hard(2 * length)) < 2.5 * calls_of(hard(length))


def hard(length):
    """A chain with an edge back from every node, labels of no branch, and cases without edges."""
    cases = [{"value": str(i)} for i in range(min(length, 1_000))]
    nodes = [node(f"n{i}", "switch", expression="1", cases=cases[: i % 3]) for i in range(length)]
    dsl = around(*nodes)
    back = [{"source": e["target"], "target": e["source"], "label": "no"} for e in dsl["edges"]]
    return dsl | {"edges": dsl["edges"] + back}


def calls_of(dsl):
    import sys

    count = 0

    def trace(frame, event, argument):
        nonlocal count
        count += 1

    sys.setprofile(trace)
    try:
        validate(dsl)
    finally:
        sys.setprofile(None)
    return count
