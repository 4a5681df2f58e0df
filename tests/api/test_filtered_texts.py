"""Filters by text take it as it is, and filters of a relation hold for each parent."""

import pytest

from tests.factories import Factories


@pytest.fixture(scope="module")
async def odd_texts(shared_gql):
    make = Factories(shared_gql.db)
    texts = [
        "100% sure",
        "100 sure",
        "a_b",
        "axb",
        "back\\slash",
        "backslash",
        "ÉCOLE 能源 ΣΊΣΥΦΟΣ",
        "it's; --",
        ":x %(p0)s",
    ]
    for text in texts:
        await make.carbon_factor(name=text)
    return texts


@pytest.mark.parametrize(
    ("operator", "text", "expected"),
    [
        ("contains", "%", ["100% sure", ":x %(p0)s"]),
        ("contains", "0%", ["100% sure"]),
        ("contains", "_", ["a_b"]),
        ("startsWith", "a_", ["a_b"]),
        ("startsWith", "%", []),
        ("contains", "\\", ["back\\slash"]),
        ("contains", "\\s", ["back\\slash"]),
        ("contains", "\\%", []),
        ("contains", "école", ["ÉCOLE 能源 ΣΊΣΥΦΟΣ"]),
        ("startsWith", "éCOLE 能", ["ÉCOLE 能源 ΣΊΣΥΦΟΣ"]),
        ("contains", "σίσυφ", ["ÉCOLE 能源 ΣΊΣΥΦΟΣ"]),
        ("contains", "'", ["it's; --"]),
        ("eq", "it's; --", ["it's; --"]),
        ("eq", "100% SURE", []),
        ("eq", "%(p0)s", []),
        ("contains", "%(p0)s", [":x %(p0)s"]),
        ("in", ["a_b", 'x","y', "{}"], ["a_b"]),
    ],
)
async def test_texts_are_taken_literally(operator, text, expected, shared_gql, odd_texts):
    query = "query($filter: CarbonFactorFilter) { carbonFactors(filter: $filter) { nodes { name } } }"

    answer = await shared_gql(query, filter={"name": {operator: text}})

    assert answer.errors == []
    assert sorted(node["name"] for node in answer.data["carbonFactors"]["nodes"]) == sorted(expected)


async def test_filters_of_a_parents_rows_hold_for_each_parent(gql, make):
    for index in range(2):
        workflow = await make.workflow(name=f"w{index}")
        for status in ("completed", "failed", "failed")[: index + 2]:
            await make.workflow_execution(workflow_id=workflow.id, status=status)
    query = """{ workflows(orderBy: {field: NAME}) { nodes {
      executions(filter: {status: {eq: FAILED}}) { totalCount nodes { status } } } } }"""

    answer = await gql(query)

    found = [node["executions"] for node in answer.data["workflows"]["nodes"]]
    assert [each["totalCount"] for each in found] == [1, 2]
    assert [len(each["nodes"]) for each in found] == [1, 2]
    assert {row["status"] for each in found for row in each["nodes"]} == {"FAILED"}
    assert len(gql.statements) == 3


async def test_two_filters_of_one_relation_do_not_mix(gql, make):
    workflow = await make.workflow()
    for status in ("completed", "failed"):
        await make.workflow_execution(workflow_id=workflow.id, status=status)
    query = """query($id: ID!, $s: ExecutionStatus) { workflow(id: $id) {
      a: executions(filter: {status: {eq: $s}}) { nodes { status } }
      b: executions(filter: {status: {eq: COMPLETED}}) { nodes { status } }
      c: executions { nodes { status } } } }"""

    answer = await gql(query, id=f"workflow_{workflow.id}", s="FAILED")

    assert answer.data["workflow"]["a"]["nodes"] == [{"status": "FAILED"}]
    assert answer.data["workflow"]["b"]["nodes"] == [{"status": "COMPLETED"}]
    assert len(answer.data["workflow"]["c"]["nodes"]) == 2
    assert len(gql.statements) == 4
