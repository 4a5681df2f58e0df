"""How events get to many, and to those who are slow."""

import asyncio
import json
import socket as sockets
from contextlib import suppress
from typing import Any

import pytest
from event_server import ADDED, Running, Socket, cursor_of_now, socket_to
from websockets.exceptions import ConnectionClosed

from ecoctrl_gql.events import outbox

MANY = """
INSERT INTO alerts (device, level, message)
SELECT 'a', 'low', n || repeat('x', 9000) FROM generate_series(%s::int, %s) n
"""


async def all_data(socket: Socket) -> list[Any]:
    """What is told until the server closes the socket."""
    told = []
    with suppress(ConnectionClosed):
        while True:
            told.append(await socket.data())
    return told


async def closing_code(socket: Socket) -> int | None:
    assert await all_data(socket) == []
    return socket.connection.close_code


async def test_those_who_follow_the_same_share_each_read_and_each_text(server: Running):
    with_user = """subscription ($after: String) {
      alertAdded(after: $after) { cursor alert { message assignee { username } } }
    }"""
    user = server.execute("INSERT INTO users (username, email) VALUES ('ann', 'a@example.org') RETURNING id")
    async with socket_to(server.port) as socket:
        for number in range(100):  # each from a place of its own
            variables = {"after": await cursor_of_now(server.url)} if number % 10 else {}
            await socket.begin(with_user, str(number), variables=variables)
        await socket.silence()
        await cursor_of_now(server.url)
        server.statements.clear()

        server.execute(
            "INSERT INTO alerts (device, level, message, assignee_id) VALUES ('a', 'low', 'm', %s)",
            user[0][0],
        )
        heard = [await socket.hear() for _ in range(100)]

    assert {message["id"] for message in heard} == set(map(str, range(100)))
    assert len({json.dumps(message["payload"]) for message in heard}) == 1
    assert len([text for text in server.statements if "FROM users" in text]) == 1


async def test_callers_with_other_rights_or_variables_share_nothing_that_differs(server: Running):
    query = """subscription ($after: String, $show: Boolean!) {
      alertAdded(after: $after) { alert { message @include(if: $show) device } }
    }"""
    after = await cursor_of_now(server.url)
    async with socket_to(server.port) as viewer, socket_to(server.port, "admin") as admin:
        await viewer.begin(query, variables={"after": after, "show": False})
        await admin.begin(query, variables={"after": after, "show": True})
        server.alert("shown", device="Pump")

        assert (await viewer.data())["alert"] == {"device": "Pump"}
        assert (await admin.data())["alert"] == {"message": "shown", "device": "Pump"}


async def test_one_who_takes_nothing_is_closed_and_can_resume_while_others_go_on(
    server: Running, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(outbox, "STALL_S", 0.5)
    after = await cursor_of_now(server.url)
    async with socket_to(server.port) as healthy, socket_to(server.port, max_queue=1) as lazy:
        lazy.connection.transport.pause_reading()
        for socket in (healthy, lazy):
            await socket.begin(ADDED, variables={"after": after})
        for start in range(1, 2001, 500):
            server.execute(MANY, start, start + 499)
            told = [await healthy.data() for _ in range(500)]
            assert int(told[-1]["alert"]["message"].rstrip("x")) == start + 499
        await asyncio.sleep(1.5)
        lazy.connection.transport.resume_reading()
        received = await all_data(lazy)
        await healthy.silence()
    cursor = received[-1]["cursor"] if received else after
    async with socket_to(server.port) as again:
        await again.begin(ADDED, variables={"after": cursor})
        rest = [await again.data() for _ in range(2000 - len(received))]
        await again.silence()

    assert lazy.connection.close_code == 1013
    assert 0 < len(rest) < 2000

    numbers = [int(event["alert"]["message"].rstrip("x")) for event in [*received, *rest]]
    assert numbers == list(range(1, 2001))


async def test_one_who_is_slow_for_a_while_is_told_everything(server: Running):
    after = await cursor_of_now(server.url)
    async with socket_to(server.port, max_queue=1) as slow:
        await slow.begin(ADDED, variables={"after": after})
        slow.connection.transport.pause_reading()
        server.execute(MANY, 1, 1200)
        server.alert("1201")
        await cursor_of_now(server.url)
        slow.connection.transport.resume_reading()
        told = [await slow.data() for _ in range(1201)]
        await slow.silence()

    assert [int(event["alert"]["message"].rstrip("x")) for event in told] == list(range(1, 1202))


async def test_a_socket_that_leaves_leaves_nothing_behind(server: Running):
    after = await cursor_of_now(server.url)
    async with socket_to(server.port) as socket:
        await socket.begin(ADDED, variables={"after": after})
        await socket.silence()
    with sockets.create_connection(("127.0.0.1", server.port)):
        pass  # one that never becomes a websocket

    server.alert("nobody hears it")
    await asyncio.sleep(0.3)
    server.statements.clear()
    await asyncio.sleep(1.2)
    assert server.reads == []  # nobody follows, so nobody reads


async def test_a_socket_takes_100_subscriptions_and_says_so(server: Running, socket: Socket):
    for number in range(101):
        await socket.begin(ADDED, str(number))

    refusal = await socket.refusal()

    assert refusal["extensions"]["code"] == "RATE_LIMITED"
    assert "100 operations run on this socket" in refusal["message"]


async def test_frames_of_two_megabytes_close_with_1009(server: Running, socket: Socket):
    await socket.begin(ADDED, variables={"after": "x" * 2_000_000})

    assert await closing_code(socket) == 1009


async def test_binary_frames_close_with_4400(server: Running, socket: Socket):
    await socket.connection.send(b'{"type":"ping"}')

    assert await closing_code(socket) == 4400
