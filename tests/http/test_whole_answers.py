"""Answers as they go over the wire, written in one step or by uvicorn's own way."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from ecoctrl_gql.http.metrics import Metrics
from ecoctrl_gql.http.middleware import EdgeMiddleware
from ecoctrl_gql.http.protocol import BoundedHttpProtocol

GET = "GET / HTTP/1.1\r\nHost: x\r\n\r\n"
LAST = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"


def head(*headers: tuple[bytes, bytes], status: int = 200) -> dict[str, object]:
    return {"type": "http.response.start", "status": status, "headers": list(headers)}


def body(content: bytes, more: bool = False) -> dict[str, object]:
    return {"type": "http.response.body", "body": content, "more_body": more}


def length(number: int) -> tuple[bytes, bytes]:
    return b"content-length", str(number).encode()


def saying(*messages: dict[str, object]) -> ASGIApp:
    """An application that answers every request with these messages."""

    async def app(scope, receive, send):
        await receive()
        for message in messages:
            await send(message)

    return app


@asynccontextmanager
async def serving(*messages: dict[str, object], app: ASGIApp | None = None) -> AsyncIterator[int]:
    """A server of an application, or one that says these messages; its port."""
    config = uvicorn.Config(
        app or saying(*messages),
        http=BoundedHttpProtocol,
        host="127.0.0.1",
        port=0,
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
    )
    server = uvicorn.Server(config)
    task = asyncio.ensure_future(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        await task


async def exchanged(port: int, *requests: str) -> bytes:
    """Everything that the server says to requests sent at once, until it hangs up."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write("".join(requests).encode())
    async with asyncio.timeout(10):
        said = await reader.read()
    writer.close()
    return said


@pytest.fixture
def uvicorns(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The types of the messages that went uvicorn's way."""
    sent: list[str] = []
    send = RequestResponseCycle.send

    async def noted(cycle, message):
        sent.append(message["type"])
        await send(cycle, message)

    monkeypatch.setattr(RequestResponseCycle, "send", noted)
    return sent


@pytest.mark.parametrize("content", [b"", b"{}", b"x" * 70_000])
async def test_an_answer_is_written_in_one_step(uvicorns: list[str], content: bytes):
    async with serving(head(length(len(content)), (b"X-Kind", b"whole")), body(content)) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for _ in range(2):  # on one connection
            writer.write(GET.encode())
            said = await reader.readuntil(b"\r\n\r\n")
            assert said.startswith(b"HTTP/1.1 200 OK\r\ndate: ")
            assert b"\r\ncontent-length: %d\r\nx-kind: whole\r\n\r\n" % len(content) in said
            assert await reader.readexactly(len(content)) == content
        writer.close()

    assert uvicorns == []


async def test_requests_sent_at_once_are_answered_one_by_one():
    async with serving(head(length(2)), body(b"ok")) as port:
        said = await exchanged(port, GET, GET, LAST)

    assert said.count(b"HTTP/1.1 200 OK\r\n") == said.count(b"\r\n\r\nok") == 3


@pytest.mark.parametrize(
    ("messages", "wanted"),
    [
        pytest.param(
            [head(), body(b"a", more=True), body(b"bc")], b"1\r\na\r\n2\r\nbc\r\n0\r\n\r\n", id="chunks"
        ),
        pytest.param([head(length(3)), body(b"a", more=True), body(b"bc")], b"abc", id="pieces"),
        pytest.param([head(length(2), (b"connection", b"close")), body(b"ok")], b"ok", id="closing"),
        pytest.param([head(status=204), body(b"")], b"", id="nothing"),
        pytest.param(
            [{"type": "http.response.start", "status": 200}, body(b"")], b"0\r\n\r\n", id="no headers"
        ),
    ],
)
async def test_all_others_go_the_servers_own_way(uvicorns: list[str], messages: list, wanted: bytes):
    async with serving(*messages) as port:
        said = await exchanged(port, LAST)

    assert said.partition(b"\r\n\r\n")[2] == wanted
    assert len(uvicorns) == len(messages)


async def test_a_head_that_is_asked_for_alone_comes_alone():
    async with serving(head(length(2)), body(b"ok")) as port:
        said = await exchanged(port, LAST.replace("GET", "HEAD"))

    assert b"content-length: 2\r\n" in said
    assert said.endswith(b"\r\n\r\n")


async def test_older_clients_see_the_connection_closed():
    async with serving(head(length(2)), body(b"ok")) as port:
        said = await exchanged(port, "GET / HTTP/1.0\r\n\r\n")

    assert b"connection: close\r\n" in said
    assert said.endswith(b"\r\n\r\nok")


@pytest.mark.parametrize(
    "header", [(b"x-a", b"b\r\nx-forged: 1"), (b"x a", b"b"), (b"x-a\r\nx-forged", b"b")]
)
async def test_a_header_forges_no_other(header: tuple[bytes, bytes]):
    async with serving(head(header, length(2)), body(b"ok")) as port:
        said = await exchanged(port, LAST)

    assert said == b""  # it is not known how much of an answer would be right


@pytest.mark.parametrize("content", [b"a", b"abc"])
async def test_a_body_of_another_length_is_not_taken_for_whole(content: bytes):
    async with serving(head(length(2)), body(content)) as port:
        said = await exchanged(port, GET)  # the connection is closed, or the client would wait

    assert len(said.partition(b"\r\n\r\n")[2]) < 2


async def test_two_lengths_are_no_length():
    async with serving(head(length(2), length(3)), body(b"abc")) as port:
        said = await exchanged(port, GET, LAST)

    assert b"abc" not in said


async def test_an_empty_answer_may_have_no_body_at_all():
    async with serving(head(length(0)), {"type": "http.response.body"}) as port:
        said = await exchanged(port, GET, LAST)

    assert said.count(b"HTTP/1.1 200 OK\r\n") == said.count(b"\r\n\r\n") == 2


async def test_an_answer_that_fails_behind_its_head_ends_there():
    """Its status is known by then, in the log too; that the connection breaks off tells the client."""

    async def fail(scope, receive, send):
        await send(head(length(2)))
        raise OSError("The file is gone.")

    edge = EdgeMiddleware(fail, request_timeout_s=5, metrics=Metrics())
    async with serving(app=edge) as port:
        said = await exchanged(port, GET)

    assert said.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"x-request-id: " in said
    assert said.endswith(b"\r\n\r\n")
