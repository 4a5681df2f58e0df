"""What an HTTP request of a workflow sends, and what it makes of answers, hostile ones among them."""

import asyncio
import gzip
import time
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from starlette.responses import Response

from ecoctrl_gql.config import Settings
from ecoctrl_gql.db.database import Database
from ecoctrl_gql.workflows.nodes import ACTIONS
from tests.fakes.web import fake_web
from tests.workflows.nodes.conftest import Nodes

ACTION = ACTIONS["http_request"]


@pytest.fixture
def nodes(tmp_path):
    """No node here needs a database."""
    settings = Settings(_env_file=None, data_dir=tmp_path, jwt_secret="x" * 40)
    return Nodes(Database("postgresql://127.0.0.1:9/unused"), settings)


@pytest.fixture
def web():
    with fake_web() as served:
        yield served


@pytest.fixture(autouse=True)
def loopback(nodes):
    nodes.set(workflow_http_allow=("127.0.0.1",))


Speak = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def raw_server(speak: Speak) -> AsyncIterator[str]:
    """A server that says what it likes; its address."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.readuntil(b"\r\n\r\n")
            await speak(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"


def saying(*parts: bytes) -> Speak:
    async def speak(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for part in parts:
            writer.write(part)
            await writer.drain()

    return speak


def answer(body: bytes, *headers: bytes) -> bytes:
    lines = [b"HTTP/1.1 200 OK", b"Content-Length: %d" % len(body), b"Connection: close", *headers]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


async def test_what_is_sent(nodes, web):
    web.answers["meters"] = {"kwh": 512}

    result = await nodes.run(
        "http_request",
        method="post",
        url=f"{web.url}/meters/total?day=1",
        body={"a": [1, None, "ü"]},
        headers={"X-Count": 3, "X-Flag": True, "X-None": None, "Host": "evil", "Content-Length": "9999"},
    )

    (asked,) = web.of("meters")
    assert (asked.method, asked.path, asked.json) == ("POST", "total", {"a": [1, None, "ü"]})
    assert asked.headers["idempotency-key"] == "run-1/node"
    assert asked.headers["user-agent"] == "EcoCtrl"
    assert asked.headers["content-type"] == "application/json"
    assert (asked.headers["x-count"], asked.headers["x-flag"], asked.headers["x-none"]) == ("3", "true", "")
    assert asked.headers["host"] == web.url.removeprefix("http://")
    assert result["statusCode"] == 200
    assert result["body"] == result["responseBody"] == {"kwh": 512}
    assert result["headers"]["content-type"] == "application/json"


async def test_the_config_may_set_the_idempotency_key_itself(nodes, web):
    web.answers["a"] = {}

    await nodes.run("http_request", url=f"{web.url}/a/x", headers={"idempotency-KEY": "mine"})

    assert web.of("a")[0].headers["idempotency-key"] == "mine"


@pytest.mark.parametrize(
    "headers",
    [
        {"X": "a\r\nEvil: 1"},
        {"X": "a\nEvil: 1"},
        {"X\r\nEvil: 1\r\nY": "a"},
        {"X: 1\r\n\r\nGET /evil": "a"},
        {"": "a"},
        {"X": "a\x00b"},
        {"X": "中文"},
        {"X": ["a"]},
        {"X": {"a": 1}},
        {"Authorization": "Bearer \ud800"},
    ],
)
async def test_headers_that_would_be_more_than_a_header_are_refused(headers, nodes, web):
    web.answers["a"] = {}

    await nodes.failure("http_request", url=f"{web.url}/a/x", headers=headers)

    assert web.asked == []


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:{port}/a/x\r\nEvil: 1",
        "http://127.0.0.1:{port}\n/a",
        "http://[::1",
        "//a/",
        "x",
        "http://",
        "http://a:b/",
        "http://a:99999/",
        "http://" + "a" * 300 + ".org/",
        "http://a..b/",
    ],
)
async def test_what_is_no_address_is_refused(url, nodes, web):
    await nodes.failure("http_request", url=url.format(port=web.url.rpartition(":")[2]))

    assert web.asked == []


@pytest.mark.parametrize("body", ["\ud800", {"a": "\ud800"}, {"a": 2**80}])
async def test_a_body_that_can_not_be_sent_is_refused(body, nodes, web):
    await nodes.failure("http_request", url=f"{web.url}/a/x", method="POST", body=body)

    assert web.asked == []


@pytest.mark.parametrize(
    ("content_type", "body", "expected"),
    [
        ("application/json", b'{"a": 1}', {"a": 1}),
        ("application/problem+json; charset=utf-8", b"[1]", [1]),
        ("text/plain", b' {"a": 1}', {"a": 1}),
        ("application/json", b"{broken", "{broken"),
        ("application/json", b"[" * 100_000, "[" * 100_000),
        ("text/plain; charset=gb18030", "温度".encode("gb18030"), "温度"),
        ("text/plain; charset=no-such", "°".encode(), "°"),
        ("text/plain; charset=hex", b"6162", "6162"),
        ("text/plain; charset=undefined", b"ab", "ab"),
        ("text/plain", b"\xff\xfe", "��"),
        ("text/plain", b"", ""),
    ],
)
async def test_bodies_are_read_for_what_they_are(content_type, body, expected, nodes, web):
    web.answers["a"] = Response(body, headers={"content-type": content_type})

    assert (await nodes.run("http_request", url=f"{web.url}/a/x"))["body"] == expected


async def test_no_charset_makes_reading_slow(nodes, web):
    web.answers["a"] = Response(b"z" * 900_000, headers={"content-type": "text/plain; charset=punycode"})
    began = time.monotonic()

    result = await nodes.run("http_request", url=f"{web.url}/a/x")

    assert len(result["body"]) == 900_000
    assert time.monotonic() - began < 5


async def test_an_answer_of_a_megabyte_is_taken_and_one_byte_more_is_not(nodes, web):
    web.answers["fits"] = Response(b"x" * 1_000_000)
    web.answers["huge"] = Response(b"x" * 1_000_001)

    assert len((await nodes.run("http_request", url=f"{web.url}/fits/x"))["body"]) == 1_000_000
    failure = await nodes.failure("http_request", url=f"{web.url}/huge/x")
    assert str(failure) == "The answer has more than 1,000,000 bytes."


async def test_an_endless_answer_is_cut_off(nodes):
    sent = 0

    async def endless(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            writer.write(b"10000\r\n" + b"x" * 65536 + b"\r\n")
            await writer.drain()
            sent += 65536

    async with raw_server(endless) as url:
        failure = await nodes.failure("http_request", url=url)

    assert str(failure) == "The answer has more than 1,000,000 bytes."
    assert sent < 20_000_000


@pytest.mark.parametrize(
    ("coding", "pack"), [("gzip", gzip.compress), ("deflate", zlib.compress), ("GZIP", gzip.compress)]
)
async def test_what_is_packed_is_unpacked_but_no_bomb(coding, pack, nodes, web):
    web.answers["small"] = Response(pack(b'{"a": 1}'), headers={"content-encoding": coding})
    web.answers["bomb"] = Response(pack(b"\x00" * 200_000_000), headers={"content-encoding": coding})

    assert (await nodes.run("http_request", url=f"{web.url}/small/x"))["body"] == {"a": 1}
    failure = await nodes.failure("http_request", url=f"{web.url}/bomb/x")
    assert str(failure) == "The answer has more than 1,000,000 bytes."


@pytest.mark.parametrize("coding", ["br", "zstd", "gzip, gzip", "gzip"])
async def test_what_can_not_be_unpacked_is_told(coding, nodes, web):
    web.answers["a"] = Response(b"not packed", headers={"content-encoding": coding})

    await nodes.failure("http_request", url=f"{web.url}/a/x")


async def drip(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """A byte now and then, which resets any limit on the silence between two."""
    for byte in answer(b"x" * 1000):
        writer.write(bytes([byte]))
        await writer.drain()
        await asyncio.sleep(0.05)


async def silent(_: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(20)


@pytest.mark.parametrize("speak", [drip, silent])
async def test_the_time_limit_is_that_of_the_whole(speak, nodes):
    async with raw_server(speak) as url:
        began = time.monotonic()
        failure = await nodes.failure("http_request", url=url, timeoutMs=400)

    assert str(failure) == f"{url} did not answer within 0.4 seconds."
    assert time.monotonic() - began < 3


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: " + b"a" * 1_000_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        b"HTTP/1.1 99999 OK\r\n\r\n",
    ],
)
async def test_what_is_no_http_fails_and_nothing_else(said, nodes):
    async with raw_server(saying(said)) as url:
        failure = await nodes.failure("http_request", url=url, timeoutMs=3000)

    assert "could not be asked" in str(failure)


async def test_where_nobody_listens(nodes):
    failure = await nodes.failure("http_request", url="http://127.0.0.1:9/x?key=hunter2")

    assert str(failure) == "http://127.0.0.1:9/x could not be asked: no connection."


@pytest.mark.parametrize("status", [400, 404, 500, 503, 429])
async def test_a_refusal_is_an_answer(status, nodes, web):
    web.answers["a"] = Response("no", status)

    assert (await nodes.run("http_request", url=f"{web.url}/a/x"))["statusCode"] == status


@pytest.mark.parametrize(
    ("status", "again"), [(429, True), (500, True), (503, True), (404, False), (200, False)]
)
async def test_what_is_asked_again_while_tries_are_left(status, again, nodes, web):
    web.answers["a"] = Response("no", status)
    nodes.changes["tries_left"] = 1

    if not again:
        assert (await nodes.run("http_request", url=f"{web.url}/a/x"))["statusCode"] == status
        return
    failure = await nodes.failure("http_request", url=f"{web.url}/a/x")
    assert failure.result is not None
    assert (failure.result["statusCode"], failure.result["body"]) == (status, "no")


def test_waits_are_those_of_the_documents():
    config = ACTION.kind.read_rendered({"url": "http://a", "retry": "2"})

    assert (ACTION.retries(config), ACTION.retry_delay_ms) == (2, 1000)


def test_more_retries_than_the_limit_are_the_limit():
    assert ACTION.retries(ACTION.kind.read_rendered({"url": "http://a", "retry": 1_000_000})) == 5


async def test_cookies_of_one_answer_are_not_sent_with_the_next_request(nodes, web):
    web.answers["a"] = lambda _: Response("ok", headers={"set-cookie": "session=1; Path=/"})

    for _ in range(2):
        await nodes.run("http_request", url=f"{web.url}/a/x")

    assert ["cookie" in asked.headers for asked in web.of("a")] == [False, False]


async def test_a_dry_run_asks_nobody(nodes, web):
    preview = await nodes.preview(
        "http_request",
        method="POST",
        url=f"{web.url}/a/x",
        body={"a": 1},
        headers={"Authorization": "Bearer hunter2"},
    )

    assert web.asked == []
    assert preview.result["statusCode"] == 200
    assert preview.effect == {
        "method": "POST",
        "url": f"{web.url}/a/x",
        "headers": ["Authorization", "Content-Type", "Idempotency-Key", "User-Agent"],
        "body": {"a": 1},
    }
