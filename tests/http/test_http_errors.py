import httpx
import pytest
from sample_server import SECRET, Server, running_server

NEW = {"accept": "application/graphql-response+json"}


def ask(client: httpx.Client, query: str, **variables: object) -> dict:
    return client.post("/graphql", json={"query": query, "variables": variables}, headers=NEW).json()


def faults(server: Server, request_id: str) -> list[dict]:
    return server.log_lines(request_id, "error")


def test_faults_are_masked_and_logged_by_request_id(client: httpx.Client, server: Server):
    answer = client.post(
        "/graphql", json={"query": "query Named {broken}"}, headers={"x-request-id": "fault-1"}
    )

    assert answer.status_code == 200
    assert SECRET not in answer.text
    [error] = answer.json()["errors"]
    assert error["message"] == "Internal error"
    assert error["path"] == ["broken"]
    assert error["extensions"] == {"code": "INTERNAL_ERROR", "requestId": "fault-1"}
    [line] = faults(server, "fault-1")
    assert (line["operation"], line["path"]) == ("Named", ["broken"])
    assert "RuntimeError" in line["exception"]
    assert "no relation users" in line["exception"]
    assert "password=correct" not in line["exception"]


def test_one_fault_in_many_rows_is_not_many_lines(client: httpx.Client, server: Server):
    query = "{optional {nodes(first: 50) {broken}}}"

    answer = client.post("/graphql", json={"query": query}, headers={"x-request-id": "fault-many"})

    assert answer.json()["data"] == {"optional": None}
    assert {error["message"] for error in answer.json()["errors"]} == {"Internal error"}
    assert 1 <= len(faults(server, "fault-many")) <= 4


def test_a_fault_before_the_operation_is_masked(client: httpx.Client, server: Server):
    answer = client.post(
        "/graphql",
        json={"query": "{hello}"},
        headers={"authorization": "Bearer breaks", "x-request-id": "fault-2"},
    )

    assert answer.status_code == 500
    assert answer.json()["errors"][0]["extensions"] == {"code": "INTERNAL_ERROR", "requestId": "fault-2"}
    assert SECRET not in answer.text
    assert len(faults(server, "fault-2")) == 1


def test_a_fault_beside_graphql_has_the_same_shape(client: httpx.Client, server: Server):
    answer = client.get("/broken", headers={"x-request-id": "fault-3"})

    assert answer.status_code == 500
    assert answer.json() == {
        "errors": [
            {"message": "Internal error", "extensions": {"code": "INTERNAL_ERROR", "requestId": "fault-3"}}
        ]
    }
    assert len(faults(server, "fault-3")) == 1


def test_our_errors_are_shown_with_their_code(client: httpx.Client):
    assert ask(client, "{forbidden}")["errors"] == [
        {
            "message": "Only admins may see this.",
            "locations": [{"line": 1, "column": 2}],
            "path": ["forbidden"],
            "extensions": {"code": "FORBIDDEN"},
        }
    ]
    assert ask(client, "{refused}")["errors"][0]["extensions"] == {"code": "BAD_USER_INPUT"}


@pytest.mark.parametrize(
    ("query", "variables", "code"),
    [
        ("{", {}, "GRAPHQL_PARSE_FAILED"),
        ("{hello", {}, "GRAPHQL_PARSE_FAILED"),
        ('{hello(name: "\\ud800")}', {}, "GRAPHQL_PARSE_FAILED"),
        ("type T {a: Int}", {}, "BAD_USER_INPUT"),
        ("{hello} type T {a: Int}", {}, "GRAPHQL_VALIDATION_FAILED"),
        ("{helo}", {}, "GRAPHQL_VALIDATION_FAILED"),
        ("{colour(value: REDD)}", {}, "GRAPHQL_VALIDATION_FAILED"),
        ("query ($c: Colour!) {hello}", {"c": "RED"}, "GRAPHQL_VALIDATION_FAILED"),
        ("query ($c: Nothing!) {hello}", {}, "GRAPHQL_VALIDATION_FAILED"),
        ("subscription {count breaks}", {}, "BAD_USER_INPUT"),
        ("query ($c: Colour!) {colour(value: $c)}", {"c": "BLUE"}, "BAD_USER_INPUT"),
        ("query ($c: Colour!) {colour(value: $c)}", {}, "BAD_USER_INPUT"),
        ("query ($c: Colour!) {colour(value: $c)}", {"c": None}, "BAD_USER_INPUT"),
        ("query ($n: Int!) {number(value: $n)}", {"n": 2**31}, "BAD_USER_INPUT"),
        ("query ($n: Int!) {number(value: $n)}", {"n": "1"}, "BAD_USER_INPUT"),
        ("query ($n: Int!) {number(value: $n)}", {"n": 2**70}, "BAD_USER_INPUT"),
        ("query ($n: Int = 1) {number(value: $n)}", {"n": None}, "BAD_USER_INPUT"),
        ("query ($c: Condition!) {matches(condition: $c)}", {"c": {"txt": 1}}, "BAD_USER_INPUT"),
        ("query ($b: Boolean = true) {hello @skip(if: $b)}", {"b": None}, "BAD_USER_INPUT"),
    ],
)
def test_every_error_of_the_caller_has_its_code(client: httpx.Client, query: str, variables: dict, code: str):
    answer = client.post("/graphql", json={"query": query, "variables": variables}, headers=NEW)

    assert answer.status_code in (200, 400)
    assert {error["extensions"]["code"] for error in answer.json()["errors"]} == {code}


SUGGESTING = [
    ("{helo}", {}),
    ("{hello(nam: 1)}", {}),
    ("{colour(value: REDD)}", {}),
    ("query ($n: Strin) {hello(name: $n)}", {}),
    ("query ($c: Colour!) {colour(value: $c)}", {"c": "REDD"}),
    ("query ($c: Condition!) {matches(condition: $c)}", {"c": {"txt": "a"}}),
    ('{matches(condition: {txt: "a"})}', {}),
    ("{hello @ski(if: true)}", {}),
    ("{node {...F}} fragment F on Nod {name}", {}),
]


@pytest.mark.parametrize(("query", "variables"), SUGGESTING)
def test_production_suggests_nothing(client: httpx.Client, query: str, variables: dict):
    for error in ask(client, query, **variables)["errors"]:
        assert "Did you mean" not in error["message"]
        assert error["message"].endswith((".", "'"))


def test_development_suggests():
    with running_server(production=False) as server, httpx.Client(base_url=server.url) as client:
        assert ask(client, "{helo}")["errors"][0]["message"].endswith("Did you mean 'hello'?")
