import httpx
import pytest
from graphql import get_introspection_query, parse

from ecoctrl_gql.errors import QueryTooComplexError
from ecoctrl_gql.http.limits import check_limits, limit_errors

TOO_COMPLEX = "QUERY_TOO_COMPLEX"
NEW = {"accept": "application/graphql-response+json"}


def doubling(levels: int) -> str:
    """Fragments that each use the next one twice: 2^levels fields once they are expanded."""
    fragments = [
        f"fragment F{i} on Node {{a: node {{...F{i + 1}}} b: node {{...F{i + 1}}}}}" for i in range(levels)
    ]
    return "{node {...F0}}" + " ".join(fragments) + f"fragment F{levels} on Node {{name}}"


def nested(depth: int) -> str:
    return "{" + "node {" * (depth - 1) + "name" + "}" * depth


REFUSED = {
    "16 levels": nested(16),
    "40 levels": nested(40),
    "100,000 levels": nested(100_000)[:60_000],
    "levels through fragments": "{node {...A}} fragment A on Node {node {...B}}"
    "fragment B on Node {" + "node {" * 13 + "name" + "}" * 13 + "}",
    "401 fields": "{" + "hello " * 401 + "}",
    "50,000 repeated fields": "{node {" + "name " * 10_000 + "}}",
    "fields of unused fragments": "{hello} fragment F on Node {" + "name " * 1_100 + "}",
    "61 aliases": "{" + " ".join(f"a{i}: hello" for i in range(61)) + "}",
    "10,000 aliases": "{" + " ".join(f"a{i}:hello" for i in range(4_000)) + "}",
    "aliases through fragments": "{" + "node {...F}" * 31 + "} fragment F on Node {a: name b: name}",
    "directives": "{" + "hello @skip(if: false) " * 61 + "}",
    "directives in one place": "{hello " + "@skip(if: false) " * 5 + "}",
    "directives on the operation": "query " + "@x " * 10 + "{hello}",
    "11 mutations": "mutation {" + "touch " * 11 + "}",
    "11 mutations through fragments": "mutation {...F ...F} fragment F on Mutation {" + "touch " * 6 + "}",
    "18 doubling fragments": doubling(18),
    "300 doubling fragments": doubling(300),
    "6,000 tokens": "{node {" + "name " * 6_000 + "}}",
    "60,000 characters of comments": "#\n" * 30_000 + "{hello}",
    "70,000 characters": "#" + "x" * 70_000 + "\n{hello}",
    "100,000 brackets": "{anything(value: " + "[" * 60_000 + ")}",
    "700 chained fragments": "{node {...F0}}"
    + "".join(f"fragment F{i} on Node {{...F{i + 1}}}" for i in range(700))
    + "fragment F700 on Node {name}",
    "deep introspection": "{__schema {types " + "{fields {type " * 10 + "{name}" + "}}" * 10 + "}}",
}


@pytest.mark.parametrize("query", REFUSED.values(), ids=REFUSED.keys())
def test_costly_queries_are_refused(client: httpx.Client, query: str):
    answer = client.post("/graphql", json={"query": query}, headers=NEW)

    assert answer.status_code == 400
    assert answer.json().keys() == {"errors"}
    assert [error["extensions"]["code"] for error in answer.json()["errors"]] == [TOO_COMPLEX]


ALLOWED = {
    "15 levels": nested(15),
    "400 fields": "{" + "hello " * 400 + "}",
    "60 aliases": "{" + " ".join(f"a{i}: hello" for i in range(60)) + "}",
    "10 mutations": "mutation {" + " ".join(f"m{i}: touch" for i in range(10)) + "}",
    "shared fragments": "{a: node {...F} b: node {...F}} fragment F on Node {name node {name}}",
    "GraphiQL's introspection": get_introspection_query(
        specified_by_url=True,
        directive_is_repeatable=True,
        schema_description=True,
        input_value_deprecation=True,
    ),
}


@pytest.mark.parametrize("query", ALLOWED.values(), ids=ALLOWED.keys())
def test_queries_within_the_limits_run(client: httpx.Client, query: str):
    answer = client.post("/graphql", json={"query": query})

    assert answer.json().keys() == {"data"}


def test_the_allowance_for_introspection_is_for_nothing_else():
    document = "{__schema {types " + "{fields {type " * 7 + "{name}" + "}}" * 7 + "} %s}"

    check_limits(parse(document % ""))
    with pytest.raises(QueryTooComplexError, match=r"depth come to 17; at most 15"):
        check_limits(parse(document % "hello"))


def test_circular_fragments_are_named_by_validation(client: httpx.Client):
    query = "{node {...A}} fragment A on Node {...B ...B} fragment B on Node {...A ...A}"

    answer = client.post("/graphql", json={"query": query})

    assert {error["extensions"]["code"] for error in answer.json()["errors"]} == {"GRAPHQL_VALIDATION_FAILED"}
    assert "Cannot spread fragment 'A' within itself" in answer.text


@pytest.mark.parametrize("field", ["number", "floating", "anything", "colour"])
@pytest.mark.parametrize("value", ["9" * 5_000, "9" * 401, "0." + "9" * 500], ids=["5000", "401", "0.500"])
def test_numbers_of_many_digits_are_refused(client: httpx.Client, field: str, value: str):
    answer = client.post("/graphql", json={"query": f"{{{field}(value: {value})}}"}, headers=NEW)

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["extensions"] == {"code": TOO_COMPLEX}


def test_digits_in_strings_are_no_number(client: httpx.Client):
    digits = "9" * 5_000

    assert client.post("/graphql", json={"query": f'{{hello(name: "{digits}")}}'}).json() == {
        "data": {"hello": f"Hello {digits}"}
    }


def test_values_that_a_scalar_refuses_are_shown_in_part(client: httpx.Client):
    answer = client.post("/graphql", json={"query": '{number(value: "%s")}' % ("x" * 5_000)}, headers=NEW)

    [error] = answer.json()["errors"]
    assert error["extensions"] == {"code": "GRAPHQL_VALIDATION_FAILED"}
    assert len(error["message"]) == 1_001


def test_deep_variables_are_bad_values(client: httpx.Client):
    condition: dict = {"text": "x"}
    for _ in range(300):
        condition = {"allOf": [condition]}

    answer = client.post(
        "/graphql",
        json={"query": "query ($c: Condition!) {matches(condition: $c)}", "variables": {"c": condition}},
    )

    assert answer.status_code == 200
    assert [error["extensions"] for error in answer.json()["errors"]] == [{"code": "BAD_USER_INPUT"}]


def test_the_result_can_be_kept_with_the_document():
    assert limit_errors(parse("{hello}")) == []
    [error] = limit_errors(parse(doubling(60)))
    assert error.extensions == {"code": TOO_COMPLEX}
    assert error.message == "The query's depth come to 62; at most 15 are allowed."
