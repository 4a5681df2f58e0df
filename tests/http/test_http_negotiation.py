import httpx
import pytest
from sample_server import running_server

from ecoctrl_gql.http.negotiation import GRAPHQL_JSON, JSON, response_type, wants_event_stream

URQL = (
    "application/graphql-response+json, application/graphql+json, application/json, "
    "text/event-stream, multipart/mixed"
)


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("", JSON),
        ("*/*", JSON),
        ("text/html", JSON),
        ("application/json", JSON),
        ("application/graphql-response+json", GRAPHQL_JSON),
        ("Application/GraphQL-Response+JSON; charset=utf-8", GRAPHQL_JSON),
        ("application/graphql-response+json, application/json;q=0.9", GRAPHQL_JSON),
        ("application/graphql-response+json;q=0.5, application/json", JSON),
        ("application/graphql-response+json;q=0, */*", JSON),
        ("application/graphql-response+json;q=x", JSON),
        (URQL, GRAPHQL_JSON),
        ("application/graphql-response+json," * 100, JSON),
        (",;,;q=;", JSON),
    ],
)
def test_the_media_type_follows_the_accept_header(accept: str, expected: str):
    assert response_type(accept) == expected


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("text/event-stream", True),
        ("text/event-stream, multipart/mixed", True),
        ("text/event-stream, application/json;q=0", True),
        ("text/event-stream;q=0", False),
        ("text/event-stream, */*", False),
        (URQL, False),
        ("", False),
    ],
)
def test_events_are_for_those_who_take_nothing_else(accept: str, expected: bool):
    assert wants_event_stream(accept) is expected


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{hello", "GRAPHQL_PARSE_FAILED"),
        ("{nothing}", "GRAPHQL_VALIDATION_FAILED"),
        ("{hello(name: 1)}", "GRAPHQL_VALIDATION_FAILED"),
        ("query ($n: Int!) {number(value: $n)}", "BAD_USER_INPUT"),
    ],
)
def test_request_errors_follow_the_media_type(client: httpx.Client, query: str, code: str):
    new = client.post("/graphql", json={"query": query}, headers={"accept": GRAPHQL_JSON})
    old = client.post("/graphql", json={"query": query}, headers={"accept": JSON})

    assert (new.status_code, old.status_code) == (400, 200)
    assert new.json() == old.json()
    assert new.json().keys() == {"errors"}
    assert new.json()["errors"][0]["extensions"]["code"] == code


@pytest.mark.parametrize("accept", [JSON, GRAPHQL_JSON])
def test_errors_of_fields_keep_their_data(client: httpx.Client, accept: str):
    partial = client.post("/graphql", json={"query": "{hello forbidden}"}, headers={"accept": accept})
    nothing = client.post("/graphql", json={"query": "{refused}"}, headers={"accept": accept})

    assert (partial.status_code, partial.json()["data"]) == (200, {"hello": "Hello world", "forbidden": None})
    assert partial.json()["errors"][0]["extensions"] == {"code": "FORBIDDEN"}
    assert (nothing.status_code, nothing.json()["data"]) == (200, None)


def test_queries_may_come_by_get_but_nothing_else(client: httpx.Client):
    query = client.get(
        "/graphql", params={"query": "query ($n: String!) {hello(name: $n)}", "variables": '{"n": "you"}'}
    )
    mutation = client.get("/graphql", params={"query": "mutation {touch}"})
    named = client.get(
        "/graphql", params={"query": "query A {hello} mutation B {touch}", "operationName": "B"}
    )
    subscription = client.get("/graphql", params={"query": "subscription {count}"})

    assert query.json() == {"data": {"hello": "Hello you"}}
    for answer in (mutation, named):
        assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
        assert answer.json()["errors"][0]["extensions"] == {"code": "METHOD_NOT_ALLOWED"}
    assert subscription.status_code == 400
    assert "text/event-stream" in subscription.json()["errors"][0]["message"]


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "HEAD", "TRACE"])
def test_other_methods_are_not_allowed(client: httpx.Client, method: str):
    answer = client.request(method, "/graphql")

    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, POST")


@pytest.mark.parametrize(
    ("headers", "parameters", "status"),
    [
        ({"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}, {}, 200),
        ({"accept": "*/*"}, {}, 400),
        ({"accept": "application/json"}, {}, 400),
    ],
)
def test_the_editor_is_for_browsers(client: httpx.Client, headers: dict, parameters: dict, status: int):
    answer = client.get("/graphql", headers=headers, params=parameters)

    assert (answer.status_code, "<title>IDE</title>" in answer.text) == (status, status == 200)


def test_a_browser_may_still_run_a_query_by_its_address(client: httpx.Client):
    answer = client.get("/graphql", headers={"accept": "text/html"}, params={"query": "{hello}"})

    assert answer.json() == {"data": {"hello": "Hello world"}}


def test_resolvers_may_set_cookies_and_the_status(client: httpx.Client):
    answer = client.post("/graphql", json={"query": "{cookie}"})

    assert (answer.status_code, answer.cookies["taste"]) == (202, "good")


def test_answers_are_not_to_be_stored(client: httpx.Client):
    assert client.get("/graphql", params={"query": "{hello}"}).headers["cache-control"] == "no-store"


def test_batches_are_answered_where_they_are_allowed():
    with running_server(batching=2) as server, httpx.Client(base_url=server.url) as client:
        hello = {"query": "{hello}"}
        answers = [client.post("/graphql", json=[hello] * number) for number in (0, 2, 3)]
        mixed = client.post("/graphql", json=[hello, 1])

    assert [answer.status_code for answer in answers] == [400, 200, 400]
    assert answers[1].json() == [{"data": {"hello": "Hello world"}}] * 2
    assert mixed.status_code == 400


def test_a_context_that_refuses_is_the_answer(client: httpx.Client):
    answer = client.post("/graphql", json={"query": "{hello}"}, headers={"authorization": "Bearer expired"})

    assert answer.status_code == 401
    assert answer.json() == {
        "errors": [{"message": "The token has expired.", "extensions": {"code": "UNAUTHENTICATED"}}]
    }
