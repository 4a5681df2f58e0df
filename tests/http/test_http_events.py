"""Server-sent events and multipart subscriptions."""

import json
import time

import httpx
import pytest
from sample_server import SECRET, Server

EVENTS = {"accept": "text/event-stream"}


def events(text: str) -> list[tuple[str, object]]:
    found = []
    for block in text.split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.split("\n") if ": " in line and line[0] != ":")
        if "event" in fields:
            data = fields.get("data")
            found.append((fields["event"], json.loads(data) if data else None))
    return found


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_subscription_comes_as_events(client: httpx.Client, method: str):
    operation = {"query": "subscription {count(to: 2)}"}
    how = {"params": operation} if method == "GET" else {"json": operation}

    answer = client.request(method, "/graphql", headers=EVENTS, **how)

    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.headers["cache-control"].startswith("no-cache")
    assert events(answer.text) == [
        ("next", {"data": {"count": 1}}),
        ("next", {"data": {"count": 2}}),
        ("complete", None),
    ]


def test_queries_and_mutations_come_as_one_event(client: httpx.Client):
    query = client.post("/graphql", headers=EVENTS, json={"query": "{hello}"})
    mutation = client.post("/graphql", headers=EVENTS, json={"query": "mutation {touch}"})
    by_get = client.get("/graphql", headers=EVENTS, params={"query": "mutation {touch}"})

    assert events(query.text) == [("next", {"data": {"hello": "Hello world"}}), ("complete", None)]
    assert events(mutation.text) == [("next", {"data": {"touch": "x"}}), ("complete", None)]
    [(kind, refusal), _] = events(by_get.text)
    assert (kind, refusal["errors"][0]["extensions"]["code"]) == ("next", "BAD_USER_INPUT")


def test_the_deadline_holds_for_queries_as_events(client: httpx.Client):
    answer = client.post("/graphql", headers=EVENTS, json={"query": "{slow}"})

    assert answer.status_code == 504


def test_a_subscription_outlives_the_deadline(client: httpx.Client):
    answer = client.post(
        "/graphql", headers=EVENTS, json={"query": "subscription {count(to: 4, waitS: 0.4)}"}
    )

    assert len(events(answer.text)) == 5


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("subscription {", "GRAPHQL_PARSE_FAILED"),
        ("subscription {nothing}", "GRAPHQL_VALIDATION_FAILED"),
        ("{" + "hello " * 500 + "}", "QUERY_TOO_COMPLEX"),
    ],
)
def test_errors_have_codes_in_events_too(client: httpx.Client, query: str, code: str):
    [(_, result), end] = events(client.post("/graphql", headers=EVENTS, json={"query": query}).text)

    assert result["errors"][0]["extensions"]["code"] == code
    assert end == ("complete", None)


def test_a_subscription_that_breaks_tells_nothing(client: httpx.Client):
    answer = client.post("/graphql", headers=EVENTS, json={"query": "subscription {breaks}"})

    assert SECRET not in answer.text
    [first, (_, second), _] = events(answer.text)
    assert first == ("next", {"data": {"breaks": 1}})
    assert second["errors"][0]["message"] == "Internal error"


def test_the_source_ends_when_the_client_leaves(client: httpx.Client, server: Server):
    before = server.seen.ended
    body = {"query": "subscription {count(to: 1000000, waitS: 0.05)}"}

    with client.stream("POST", "/graphql", headers=EVENTS, json=body) as answer:
        next(answer.iter_lines())

    deadline = time.monotonic() + 10
    while server.seen.ended == before and time.monotonic() < deadline:
        time.sleep(0.02)
    assert server.seen.ended == before + 1


def test_those_who_take_json_get_json(client: httpx.Client):
    accept = "application/graphql-response+json, application/json, text/event-stream, multipart/mixed"

    answer = client.post("/graphql", headers={"accept": accept}, json={"query": "{hello}"})

    assert answer.headers["content-type"] == "application/graphql-response+json; charset=utf-8"
    assert answer.json() == {"data": {"hello": "Hello world"}}


def test_subscriptions_come_as_parts_to_apollo(client: httpx.Client):
    accept = 'multipart/mixed;boundary="graphql";subscriptionSpec=1.0,application/json'

    answer = client.post(
        "/graphql", headers={"accept": accept}, json={"query": "subscription {count(to: 2)}"}
    )

    assert answer.headers["content-type"].startswith("multipart/mixed")
    assert '{"payload":{"data":{"count":2}}}' in answer.text


@pytest.mark.parametrize(
    "accept",
    [";multipart/mixed", "multipart/mixed;;;=", "multipart/mixed;boundary=", "é multipart/mixed"],
)
def test_odd_accept_headers_are_no_fault(client: httpx.Client, accept: str):
    answer = client.post("/graphql", headers={"accept": accept.encode()}, json={"query": "{hello}"})

    assert answer.json() == {"data": {"hello": "Hello world"}}


def test_a_stream_ends_where_the_right_to_it_ends(client: httpx.Client, server: Server):
    left = server.seen.left
    subscription = {"query": "subscription {count(to: 1000, waitS: 0.4)}"}

    answer = client.post("/graphql", headers=EVENTS | {"authorization": "Bearer ends"}, json=subscription)

    *counted, (kind, refusal), complete = events(answer.text)
    assert counted == [("next", {"data": {"count": number + 1}}) for number in range(len(counted))]
    assert kind == "next"
    assert refusal["errors"][0]["extensions"] == {"code": "UNAUTHENTICATED"}
    assert refusal["errors"][0]["message"] == "The session has ended."
    assert complete == ("complete", None)
    assert server.seen.left == left + 1
