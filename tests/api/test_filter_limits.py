"""Filters that can't be answered are refused before the database is asked, in words for their author."""

import pytest

QUERIES = {
    "AlertFilter": "query($filter: AlertFilter) { alerts(filter: $filter) { nodes { id } } }",
    "WorkflowFilter": "query($filter: WorkflowFilter) { workflows(filter: $filter) { nodes { id } } }",
    "EnergyAreaFilter": "query($filter: EnergyAreaFilter) { energyAreas(filter: $filter) { nodes { id } } }",
}


def nested(depth: int) -> dict:
    return {"device": {"eq": "x"}} if depth == 1 else {"not": nested(depth - 1)}


USER_ID = "user_0b0f36ba-5d3a-4b6e-9f0a-7b1d7c3c9f52"
REFUSED = [
    ("AlertFilter", {"device": {"eq": None}}, "The filter of device compares with null; use isNull."),
    ("AlertFilter", {"device": {"in": None}}, "The filter of device compares with null; use isNull."),
    ("AlertFilter", {"time": {"gt": None}}, "The filter of time compares with null; use isNull."),
    (
        "WorkflowFilter",
        {"createdAt": {"lt": None}},
        "The filter of createdAt compares with null; use isNull.",
    ),
    ("AlertFilter", nested(9), "A filter can be nested 8 deep."),
    (
        "AlertFilter",
        {"or": [{"device": {"eq": "x"}}] * 50},
        "A filter can have 100 parts: comparisons, and filters within it.",
    ),
    (
        "AlertFilter",
        {"and": [{}] * 10_000},
        "A filter can have 100 parts: comparisons, and filters within it.",
    ),
    ("AlertFilter", {"device": {"in": ["x"] * 1001}}, "A filter can name 1000 values."),
    (
        "WorkflowFilter",
        {"id": {"eq": USER_ID}},
        "An id of type Workflow is expected; this is one of type User.",
    ),
    ("WorkflowFilter", {"userId": {"eq": "ann"}}, "An id of type User is expected; this is no id."),
    ("WorkflowFilter", {"userId": {"in": [USER_ID, ""]}}, "An id of type User is expected; this is no id."),
]


@pytest.mark.parametrize(("type_", "given", "message"), REFUSED)
async def test_what_is_refused(type_, given, message, shared_gql):
    answer = await shared_gql(QUERIES[type_], filter=given)

    assert [error["message"] for error in answer.errors] == [message]
    assert answer.codes == ["BAD_USER_INPUT"]
    assert shared_gql.statements == []


@pytest.mark.parametrize(
    "given",
    [
        nested(8),
        {"or": [{"device": {"eq": "x"}}] * 49},
        {"device": {"in": ["x"] * 1000}},
        {"device": {"eq": "x" * 100_000}},
    ],
)
async def test_what_is_just_within_the_limits_is_answered(given, shared_gql):
    answer = await shared_gql(QUERIES["AlertFilter"], filter=given)

    assert answer.errors == []
    assert len(shared_gql.statements) == 1


@pytest.mark.parametrize(
    ("type_", "given"),
    [
        ("EnergyAreaFilter", {"current": {"eq": 2**31}}),
        ("EnergyAreaFilter", {"current": {"eq": 1.5}}),
        ("EnergyAreaFilter", {"current": {"eq": "1"}}),
        ("EnergyAreaFilter", {"current": {"in": [1, None]}}),
        ("EnergyAreaFilter", {"powerFactor": {"eq": "much"}}),
        ("AlertFilter", {"level": {"eq": "DEADLY"}}),
        ("AlertFilter", {"level": {"eq": "high"}}),
        ("AlertFilter", {"nothing": {"eq": 1}}),
        ("AlertFilter", {"device": {"like": "x"}}),
        ("AlertFilter", {"device": "x"}),
        ("AlertFilter", {"time": {"eq": 5}}),
        ("WorkflowFilter", {"enabled": {"eq": "true"}}),
    ],
)
async def test_what_does_not_fit_the_schema_is_the_callers_fault(type_, given, shared_gql):
    answer = await shared_gql(QUERIES[type_], filter=given)

    assert answer.codes == ["BAD_USER_INPUT"]
    assert shared_gql.statements == []


@pytest.mark.parametrize("value", [1e300, -1e300, 1e-300])
async def test_a_number_beyond_its_columns_range_is_the_callers_fault(value, shared_gql):
    answer = await shared_gql(QUERIES["EnergyAreaFilter"], filter={"powerFactor": {"lt": value}})

    assert answer.codes == ["BAD_USER_INPUT"]
    assert answer.errors[0]["message"] == "A value is out of the range that can be stored."


@pytest.mark.parametrize("operator", ["eq", "ne", "contains", "startsWith"])
async def test_a_nul_character_is_the_callers_fault(operator, shared_gql):
    answer = await shared_gql(QUERIES["AlertFilter"], filter={"device": {operator: "a\0b"}})

    assert answer.codes == ["BAD_USER_INPUT"]
    assert answer.errors[0]["message"] == "A text holds a NUL character, which can't be stored."


async def test_a_nul_character_in_a_list_is_the_callers_fault(shared_gql):
    answer = await shared_gql(QUERIES["AlertFilter"], filter={"device": {"in": ["a", "\0"]}})

    assert answer.codes == ["BAD_USER_INPUT"]


async def test_half_a_character_is_the_callers_fault(shared_gql):
    of_variable = rb'"query($d: String) { alerts(filter: {device: {eq: $d}}) { totalCount } }"'
    bodies = [
        rb'{"query": ' + of_variable + rb', "variables": {"d": "\ud800"}}',
        rb'{"query": "{ alerts(filter: {device: {eq: \"\\ud800\"}}) { totalCount } }"}',
        rb'{"query": "{ alerts(filter: {device: {eq: \"\\u{D800}\"}}) { totalCount } }"}',
    ]
    codes = []
    for body in bodies:
        response = await shared_gql.http.post(
            "/graphql", content=body, headers={"content-type": "application/json"}
        )
        codes.append(response.json()["errors"][0]["extensions"]["code"])

    assert set(codes) <= {"BAD_USER_INPUT", "GRAPHQL_PARSE_FAILED", "BAD_REQUEST"}
