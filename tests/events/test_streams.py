"""Server-sent events and multipart subscriptions."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from event_server import ADDED, Running, cursor_of_now

EVENTS = "text/event-stream"
PARTS = 'multipart/mixed;boundary="graphql";subscriptionSpec=1.0,application/json'


@asynccontextmanager
async def streamed(
    server: Running, accept: str = EVENTS, caller: str = "viewer", query: str = ADDED, **variables: Any
) -> AsyncIterator[AsyncIterator[dict[str, Any]]]:
    """The results of a subscription."""
    headers = {"accept": accept, "authorization": f"Bearer {caller}"}
    body = {"query": query, "variables": variables}
    async with (
        httpx.AsyncClient(base_url=server.url, timeout=10) as http,
        http.stream("POST", "/graphql", json=body, headers=headers) as answer,
    ):
        yield results(answer)


async def results(answer: httpx.Response) -> AsyncIterator[dict[str, Any]]:
    async for line in answer.aiter_lines():
        text = line.removeprefix("data: ")
        if text.startswith("{"):
            yield json.loads(text)


@pytest.mark.parametrize("accept", [EVENTS, PARTS])
async def test_alerts_are_told(server: Running, accept: str):
    after = await cursor_of_now(server.url)
    async with streamed(server, accept, after=after) as stream:
        for number in range(3):
            server.alert(f"alert {number}")
        told = []
        async for result in stream:
            if result:  # else a sign of life
                told.append(result.get("payload", result)["data"]["alertAdded"])
            if len(told) == 3:
                break

    assert [event["alert"]["message"] for event in told] == ["alert 0", "alert 1", "alert 2"]


async def test_a_stream_is_resumed_by_cursor(server: Running):
    cursor = await cursor_of_now(server.url)
    server.execute(
        "INSERT INTO alerts (device, level, message) SELECT 'a', 'low', n FROM generate_series(1, 4) n"
    )
    told = []
    for _ in range(4):
        async with streamed(server, after=cursor) as stream:
            event = (await anext(stream))["data"]["alertAdded"]
            cursor = event["cursor"]
            told.append(event["alert"]["message"])

    assert told == ["1", "2", "3", "4"]


@pytest.mark.parametrize(
    ("caller", "after", "code"),
    [("nobody", None, "UNAUTHENTICATED"), ("viewer", "garbage", "BAD_USER_INPUT")],
)
async def test_refusals_come_as_results(server: Running, caller: str, after: str | None, code: str):
    async with streamed(server, caller=caller, after=after) as stream:
        result = await anext(stream)

    assert result["errors"][0]["extensions"]["code"] == code
