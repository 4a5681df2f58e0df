"""Websockets and event streams, as long as there is a right to them."""

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import psycopg
import pytest
import uvicorn
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from ecoctrl_gql.app import create_app
from ecoctrl_gql.db.database import Database
from ecoctrl_gql.http.server import server_options
from tests.auth.conftest import HASHED, LOG_IN, PASSWORD, REFRESH

FOLLOW = {"query": "subscription { alertAdded { alert { message } } }"}
SOON_S = 2.0


@pytest.fixture
def lifetime_s() -> float:
    return 900.0


@pytest.fixture
def port(database_url, settings, lifetime_s) -> Iterator[int]:
    """A real server with its real login, and Ann who may log in."""
    with psycopg.connect(database_url) as connection:
        connection.execute(
            "INSERT INTO users (username, email, password, role) VALUES"
            " ('Ann', 'ann@example.org', %s, 'operator'), ('Bob', 'bob@example.org', %s, 'operator')",
            [HASHED, HASHED],
        )
        connection.execute("INSERT INTO platform_configs (sessions_per_user) VALUES (0)")
    settings = settings.model_copy(
        update={"port": 0, "log_level": "error", "access_token_lifetime_s": lifetime_s}
    )
    app = create_app(settings, Database(database_url, pool_size=4))
    server = uvicorn.Server(uvicorn.Config(app, **server_options(settings)))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            thread.join(0.02)
            assert thread.is_alive()
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        thread.join()


async def ask(port: int, query: str, token: str | None = None, **variables: Any) -> Any:
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http:
        body = {"query": query, "variables": variables}
        return (await http.post("/graphql", json=body, headers=headers)).json()["data"]


async def log_in(port: int, name: str = "Ann") -> str:
    return (await ask(port, LOG_IN, login=name, password=PASSWORD))["login"]["accessToken"]


@asynccontextmanager
async def socket_to(port: int, token: str | None) -> AsyncIterator[Any]:
    async with connect(f"ws://127.0.0.1:{port}/graphql", subprotocols=["graphql-transport-ws"]) as socket:
        payload = {} if token is None else {"Authorization": f"Bearer {token}"}
        await socket.send(json.dumps({"type": "connection_init", "payload": payload}))
        yield socket


async def hear(socket: Any) -> Any:
    async with asyncio.timeout(10):
        return json.loads(await socket.recv())


async def closed_with(socket: Any) -> int:
    """The code with which the server closes a socket, soon."""
    try:
        async with asyncio.timeout(SOON_S):
            while True:
                await socket.recv()
    except ConnectionClosed as closed:
        assert closed.rcvd is not None
        return closed.rcvd.code


async def answer_on(socket: Any, query: str, identifier: str) -> Any:
    await socket.send(json.dumps({"id": identifier, "type": "subscribe", "payload": {"query": query}}))
    message = await hear(socket)
    if message["type"] == "next":
        assert (await hear(socket))["type"] == "complete"
    return message["payload"]


def execute(url: str, statement: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute(statement)


@pytest.mark.parametrize(
    ("spoil", "code"),
    [(lambda token: token[:-3], 4403), (lambda _: "garbage", 4403), (lambda _: "eck_" + "a" * 43, 4403)],
)
async def test_a_token_that_is_no_good_opens_no_socket(port, spoil, code):
    async with socket_to(port, spoil(await log_in(port))) as socket:
        assert await closed_with(socket) == code


async def test_nobody_may_do_what_needs_no_login(port):
    async with socket_to(port, None) as socket:
        assert (await hear(socket))["type"] == "connection_ack"
        assert await answer_on(socket, "{ __typename }", "1") == {"data": {"__typename": "Query"}}
        refused = await answer_on(socket, FOLLOW["query"], "2")
        assert {error["extensions"]["code"] for error in refused} == {"UNAUTHENTICATED"}


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE users SET status = 'disabled'",
        "UPDATE users SET role = 'viewer'",
        "DELETE FROM users",
        "DELETE FROM refresh_tokens",
    ],
)
async def test_a_socket_ends_with_the_right_to_it(port, database_url, change):
    async with socket_to(port, await log_in(port)) as socket:
        assert (await hear(socket))["type"] == "connection_ack"
        await socket.send(json.dumps({"id": "1", "type": "subscribe", "payload": FOLLOW}))
        await asyncio.sleep(0.7)  # a look at it in between has found nothing wrong

        execute(database_url, change)

        assert await closed_with(socket) == 4403


async def test_a_logout_ends_the_sockets_of_its_session_alone(port):
    here, there = await log_in(port), await log_in(port)
    async with socket_to(port, here) as one, socket_to(port, there) as other:
        assert [(await hear(socket))["type"] for socket in (one, other)] == ["connection_ack"] * 2
        await ask(port, "mutation { logout }", here)

        assert await closed_with(one) == 4403
        assert (await answer_on(other, "{ me { username } }", "1")) == {"data": {"me": {"username": "Ann"}}}


async def test_an_event_stream_ends_with_the_right_to_it(port, database_url):
    token = await log_in(port)
    headers = {"Authorization": f"Bearer {token}", "Accept": "text/event-stream"}
    async with (
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=10) as http,
        http.stream("POST", "/graphql", json=FOLLOW, headers=headers) as stream,
    ):
        await asyncio.sleep(0.7)
        execute(database_url, "DELETE FROM refresh_tokens")
        async with asyncio.timeout(SOON_S):
            text = "".join([part async for part in stream.aiter_text()])

    assert "UNAUTHENTICATED" in text
    assert text.rstrip().endswith("event: complete\ndata:")


class TestShortLife:
    @pytest.fixture
    def lifetime_s(self) -> float:
        return 2.0

    async def test_a_socket_ends_when_its_token_does(self, port):
        async with socket_to(port, await log_in(port)) as socket:
            assert (await hear(socket))["type"] == "connection_ack"
            async with asyncio.timeout(5):
                with pytest.raises(ConnectionClosed) as closed:
                    await socket.recv()

        assert closed.value.rcvd.code == 4401


class TestMediumLife:
    @pytest.fixture
    def lifetime_s(self) -> float:
        return 6.0

    async def test_a_ping_with_a_newer_token_keeps_it_open(self, port):
        tokens = (await ask(port, LOG_IN, login="Ann", password=PASSWORD))["login"]
        async with socket_to(port, tokens["accessToken"]) as socket:
            assert (await hear(socket))["type"] == "connection_ack"
            for _ in range(4):
                await asyncio.sleep(2)
                tokens = (await ask(port, REFRESH, spent=tokens["refreshToken"]))["refreshSession"]
                renewal = {"authorization": f"Bearer {tokens['accessToken']}"}
                await socket.send(json.dumps({"type": "ping", "payload": renewal}))
                assert await hear(socket) == {"type": "pong"}


async def test_a_ping_with_another_s_token_ends_it(port):
    async with socket_to(port, await log_in(port)) as socket:
        assert (await hear(socket))["type"] == "connection_ack"
        payload = {"authorization": f"Bearer {await log_in(port, 'Bob')}"}
        await socket.send(json.dumps({"type": "ping", "payload": payload}))

        assert await closed_with(socket) == 4403


async def test_an_operation_does_not_see_what_one_before_it_has_read(port, database_url):
    execute(database_url, "INSERT INTO alerts (device, level, message) VALUES ('a', 'low', 'before')")
    token = await log_in(port)
    query = "{ alerts { nodes { id message } } }"
    async with socket_to(port, token) as socket:
        assert (await hear(socket))["type"] == "connection_ack"
        first = (await answer_on(socket, query, "1"))["data"]["alerts"]["nodes"][0]
        by_id = f'{{ node(id: "{first["id"]}") {{ ... on Alert {{ message }} }} }}'
        await answer_on(socket, by_id, "2")
        execute(database_url, "UPDATE alerts SET message = 'after'")

        assert await answer_on(socket, by_id, "3") == {"data": {"node": {"message": "after"}}}
        for number in range(30):  # each may ask for 10,000 rows, all of them together for more than one may
            large = "{ energyReadings(first: 10000) { nodes { id } } }"
            assert "errors" not in await answer_on(socket, large, f"large {number}")
