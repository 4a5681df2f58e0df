"""Malformed requests of every kind are told so; none is a fault of the server."""

import httpx
import pytest

JSON = {"content-type": "application/json"}

MALFORMED = {
    "empty": b"",
    "null": b"null",
    "number": b"42",
    "string": b'"{hello}"',
    "true": b"true",
    "cut off": b'{"query": "{hello}"',
    "two values": b"{} {}",
    "invalid utf-8": b'{"query": "\xff"}',
    "utf-16": '{"query": "{hello}"}'.encode("utf-16"),
    "lone surrogate": b'{"query": "\\ud800"}',
    "integer of 10,000 digits": b'{"variables": {"n": ' + b"9" * 10_000 + b"}}",
    "NaN": b'{"variables": {"n": NaN}}',
    "nested 100,000 deep": b"[" * 100_000,
    "objects nested 100,000 deep": b'{"a":' * 100_000,
    "empty list": b"[]",
    "batch": b'[{"query": "{hello}"}]',
    "batch of no objects": b"[1, null]",
    "no query": b"{}",
    "query null": b'{"query": null}',
    "query empty": b'{"query": ""}',
    "query a number": b'{"query": 1}',
    "query a list": b'{"query": ["{hello}"]}',
    "query an object": b'{"query": {}}',
    "variables a list": b'{"query": "{hello}", "variables": []}',
    "variables a string": b'{"query": "{hello}", "variables": "{}"}',
    "operation name an object": b'{"query": "{hello}", "operationName": {}}',
    "operation name a number": b'{"query": "{hello}", "operationName": 1}',
    "operation name too long": b'{"query": "{hello}", "operationName": "' + b"a" * 1_000 + b'"}',
    "operation name unknown": b'{"query": "query A {hello}", "operationName": "B"}',
    "extensions a list": b'{"query": "{hello}", "extensions": []}',
    "no operation": b'{"query": "fragment F on Query {hello}"}',
}


@pytest.mark.parametrize("body", MALFORMED.values(), ids=MALFORMED.keys())
@pytest.mark.parametrize("accept", ["application/json", "application/graphql-response+json"])
def test_malformed_bodies_are_bad_requests(client: httpx.Client, body: bytes, accept: str):
    answer = client.post("/graphql", content=body, headers=JSON | {"accept": accept})

    assert answer.status_code == 400
    assert answer.headers["content-type"] == f"{accept}; charset=utf-8"
    [error] = answer.json()["errors"]
    assert error["extensions"] == {"code": "BAD_USER_INPUT"}
    assert error["message"]
    assert "data" not in answer.json()


@pytest.mark.parametrize(
    "parameters",
    [
        {"query": "{hello}", "variables": "{"},
        {"query": "{hello}", "variables": "[1]"},
        {"query": "{hello}", "extensions": "1"},
        {"query": "", "variables": "{}"},
        {"operationName": "A"},
    ],
)
def test_malformed_query_strings_are_bad_requests(client: httpx.Client, parameters: dict[str, str]):
    answer = client.get("/graphql", params=parameters)

    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (400, "BAD_USER_INPUT")


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/graphql",
        "application/json; charset=latin-1",
        "",
    ],
)
def test_other_types_are_refused(client: httpx.Client, content_type: str):
    answer = client.post("/graphql", content=b'{"query": "{hello}"}', headers={"content-type": content_type})

    assert answer.status_code == 415
    assert answer.json()["errors"][0]["extensions"] == {"code": "UNSUPPORTED_MEDIA_TYPE"}


@pytest.mark.parametrize(
    "content_type",
    [
        "application/json",
        "Application/JSON",
        "application/json;charset=UTF-8",
        'application/json; x=1; charset="utf-8"',
    ],
)
def test_json_is_understood_however_it_is_announced(client: httpx.Client, content_type: str):
    answer = client.post("/graphql", content=b'{"query": "{hello}"}', headers={"content-type": content_type})

    assert answer.json() == {"data": {"hello": "Hello world"}}


def test_values_pass_unchanged(client: httpx.Client):
    value = {
        "text": "日本語 \U0001f600 \u2028 \x7f",
        "numbers": [0, -1, 2**53, 1.5, True, None],
        "nested": {"": []},
    }

    answer = client.post(
        "/graphql", json={"query": "query ($v: JSON!) {anything(value: $v)}", "variables": {"v": value}}
    )

    assert answer.json() == {"data": {"anything": value}}
