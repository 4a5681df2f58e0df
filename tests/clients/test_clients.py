"""The clients that front ends use, against the real server."""

from collections.abc import Callable
from typing import Any

Run = Callable[[str], Any]

HELLO = {"hello": "Hello you"}
COUNTED = [{"data": {"count": number}} for number in (1, 2, 3)]


def codes(errors: list[dict[str, Any]]) -> list[str]:
    return [error["extensions"]["code"] for error in errors]


def test_all_audits_of_graphql_http_pass(run: Run):
    results = run("audits.mjs")

    assert [result for result in results if result["status"] != "ok"] == []
    assert len(results) == 61


def test_graphql_ws(run: Run):
    results = run("websocket.mjs")

    assert results["query"] == [{"data": HELLO}]
    assert results["mutation"] == [{"data": {"touch": "x"}}]
    assert results["subscription"] == COUNTED
    assert results["together"] == [COUNTED[:1], COUNTED[:2], COUNTED]
    assert codes(results["syntaxError"]["errors"]) == ["GRAPHQL_PARSE_FAILED"]
    assert codes(results["invalid"]["errors"]) == ["GRAPHQL_VALIDATION_FAILED"]
    assert codes(results["field"][0]["errors"]) == ["FORBIDDEN"]
    assert results["left"] == COUNTED[0]
    assert results["afterwards"] == [{"data": {"hello": "Hello world"}}]
    assert results["refused"] == {"code": 4403, "reason": "Forbidden"}


def test_graphql_sse(run: Run):
    results = run("events.mjs")

    assert results["query"] == [{"data": HELLO}]
    assert results["mutation"] == [{"data": {"touch": "x"}}]
    assert results["subscription"] == COUNTED
    assert results["together"] == [COUNTED[:1], COUNTED[:2], COUNTED]
    assert codes(results["invalid"][0]["errors"]) == ["GRAPHQL_VALIDATION_FAILED"]
    assert results["left"] == COUNTED[0]


def test_urql(run: Run):
    results = run("urql.mjs")
    answered = {"codes": [], "network": None}

    assert results["query"] == {"data": HELLO, **answered}
    assert results["byGet"] == {"data": HELLO, **answered}
    assert results["mutation"] == {"data": {"touch": "x"}, **answered}
    assert results["invalid"] == {"data": None, "codes": ["GRAPHQL_VALIDATION_FAILED"], "network": None}
    assert results["field"] == {
        "data": {"hello": "Hello world", "forbidden": None},
        "codes": ["FORBIDDEN"],
        "network": None,
    }
    assert [result["data"] for result in results["events"]] == [result["data"] for result in COUNTED]
    assert [result["data"] for result in results["socket"]] == [result["data"] for result in COUNTED]
    assert results["upload"] == {"data": {"upload": "a.txt:5"}, **answered}
    assert results["uploadWithoutHeader"]["codes"] == ["FORBIDDEN"]


def test_apollo(run: Run):
    results = run("apollo.mjs")
    answered = {"codes": [], "other": None}

    assert results["query"] == {"data": HELLO, **answered}
    assert results["byGet"] == {"data": HELLO, **answered}
    assert results["mutation"] == {"data": {"touch": "x"}, **answered}
    assert results["invalid"]["codes"] == ["GRAPHQL_VALIDATION_FAILED"]
    assert results["field"]["data"] == {"hello": "Hello world", "forbidden": None}
    assert results["field"]["codes"] == ["FORBIDDEN"]
    assert results["fault"]["codes"] == ["INTERNAL_ERROR"]
    assert [result["data"] for result in results["socket"]] == [result["data"] for result in COUNTED]
    assert [result["data"] for result in results["parts"]] == [result["data"] for result in COUNTED]
    # Batches are refused unless they are configured.
    assert results["batched"]["codes"] == ["BAD_USER_INPUT"]
