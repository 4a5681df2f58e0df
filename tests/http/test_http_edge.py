"""The layer around everything: bounds, deadlines, headers, origins, figures."""

import asyncio
import gzip
import json
import re
import socket
import time
from collections.abc import Iterator

import httpx
import pytest
import sample_server
from sample_server import OTHER_ORIGIN, Server, running_server

JSON = {"content-type": "application/json"}
HEAD = b"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"


def converse(server: Server, *parts: bytes, pause_s: float = 0.0) -> bytes:
    """Send raw bytes; what the server says until it closes the connection."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
        answer = b""
        try:
            for part in parts:
                connection.sendall(part)
                time.sleep(pause_s)
            while received := connection.recv(65_536):
                answer += received
        except ConnectionError:
            pass  # closed while we were still sending, which is its right
        return answer


def code_of(answer: httpx.Response) -> str:
    return answer.json()["errors"][0]["extensions"]["code"]


def test_large_bodies_are_refused(client: httpx.Client):
    for path in ("/graphql", "/routed", "/body"):
        answer = client.post(path, content=b'{"query": "{hello' + b" " * 10_000_000 + b'}"}', headers=JSON)

        assert (answer.status_code, code_of(answer)) == (413, "BAD_USER_INPUT")


def test_bodies_up_to_the_limit_are_taken(client: httpx.Client):
    assert client.post("/body", content=b"x" * 2_000_000).text == "2000000"
    assert client.post("/body", content=b"x" * 2_000_001).status_code == 413


def test_a_body_announced_to_be_enormous_is_not_waited_for(server: Server):
    answer = converse(server, HEAD + b"Content-Length: 100000000000\r\n\r\n")

    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"connection: close" in answer


@pytest.mark.parametrize("path", ["/graphql", "/routed", "/body"])
def test_an_endless_chunked_body_is_cut_off(client: httpx.Client, path: str):
    sent = 0

    def endless() -> Iterator[bytes]:
        nonlocal sent
        while True:
            sent += 65_536
            yield b" " * 65_536

    try:
        answer = client.post(path, content=endless(), headers=JSON)
    except httpx.WriteError:
        pass  # the connection was closed before the answer could be read
    else:
        assert (answer.status_code, code_of(answer)) == (413, "BAD_USER_INPUT")
    assert sent < 50_000_000


def test_chunked_bodies_within_the_limit_are_taken(client: httpx.Client):
    answer = client.post("/graphql", content=iter([b'{"query": ', b'"{hello}"}']), headers=JSON)

    assert answer.json() == {"data": {"hello": "Hello world"}}


@pytest.mark.parametrize("encoding", ["gzip", "br", "deflate, gzip"])
def test_encoded_bodies_are_not_taken(client: httpx.Client, encoding: str):
    body = gzip.compress(b'{"query": "{hello}"}')

    answer = client.post("/graphql", content=body, headers=JSON | {"content-encoding": encoding})

    assert (answer.status_code, code_of(answer)) == (415, "UNSUPPORTED_MEDIA_TYPE")
    assert answer.headers["accept-encoding"] == "identity"


@pytest.mark.parametrize(
    "headers",
    [{"x-large": "x" * 200_000}, {f"x-{i}": "x" for i in range(5_000)}, {f"x-{i}": "x" for i in range(101)}],
    ids=["200 kB", "5,000", "101"],
)
def test_heads_are_bounded(client: httpx.Client, headers: dict[str, str]):
    answer = client.post("/graphql", json={"query": "{hello}"}, headers=headers)

    assert (answer.status_code, code_of(answer)) == (431, "HEADERS_TOO_LARGE")


def test_a_long_address_is_bounded_too(client: httpx.Client):
    assert client.get("/graphql", params={"query": "#" + "x" * 40_000}).status_code == 431


def test_a_head_without_an_end_is_cut_off(server: Server):
    answer = converse(server, HEAD, *[b"X-More: " + b"x" * 1_000 + b"\r\n"] * 100)

    assert not answer or answer.startswith(b"HTTP/1.1 431 ")


def test_a_head_that_does_not_come_is_not_waited_for(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("ecoctrl_gql.http.protocol.HEAD_TIMEOUT_S", 0.2)
    with running_server() as server:
        assert converse(server) == b""
        assert converse(server, b"POST /graphql HT") == b""
        answer = converse(server, b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n", b"GET /hea", pause_s=0.1)
        assert answer.startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize(
    "message",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n",
        b"GET\r\n\r\n",
        b"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}",
        b"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n{}",
        b"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n",
    ],
)
def test_what_is_not_http_is_a_bad_request(server: Server, message: bytes):
    head, _, body = converse(server, message).partition(b"\r\n\r\n")

    assert head.startswith(b"HTTP/1.1 400 ")
    assert b'"code":"BAD_USER_INPUT"' in body


def test_a_slow_resolver_is_stopped_at_the_deadline(client: httpx.Client, server: Server):
    before = server.seen.stopped

    for path in ("/graphql", "/routed"):
        answer = client.post(path, json={"query": "{slow}"})

        assert (answer.status_code, code_of(answer)) == (504, "TIMEOUT")
    assert server.seen.stopped == before + 2


def test_a_body_that_does_not_come_is_not_waited_for(server: Server):
    answer = converse(server, HEAD + b"Content-Length: 100\r\n\r\n{")

    assert answer.startswith(b"HTTP/1.1 504 ")


def test_a_client_that_leaves_is_no_fault(client: httpx.Client, server: Server):
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        connection.sendall(HEAD + b"X-Request-ID: left\r\nContent-Length: 100\r\n\r\n{")

    assert [line["status"] for line in server.log_lines("left", "info")] == [499]
    assert server.log_lines("left", "error", at_least=0) == []


@pytest.mark.parametrize("given", ["abc-123", "A" * 64])
def test_harmless_request_ids_are_kept(client: httpx.Client, given: str):
    answer = client.get("/health", headers={"x-request-id": given})

    assert answer.headers["x-request-id"] == given


@pytest.mark.parametrize("given", ["", "A" * 65, "a b", "a\tb", "<script>", "ü"])
def test_other_request_ids_are_replaced(client: httpx.Client, given: str):
    ids = [
        client.get("/health", headers={"x-request-id": given.encode()}).headers["x-request-id"]
        for _ in range(2)
    ]

    assert ids[0] != ids[1]
    assert all(re.fullmatch(r"[0-9a-f]{12}-[0-9a-f]+", request_id) for request_id in ids)


@pytest.mark.parametrize("path", ["/graphql", "/health", "/nothing", "/broken"])
def test_every_answer_has_the_security_headers(client: httpx.Client, path: str):
    headers = client.get(path).headers

    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "no-referrer"
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "server" not in headers


def test_pages_of_the_configured_origin_may_call(client: httpx.Client):
    preflight = {
        "origin": OTHER_ORIGIN,
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization, content-type, apollo-require-preflight",
    }

    allowed = client.options("/graphql", headers=preflight)
    foreign = client.options("/graphql", headers=preflight | {"origin": "https://evil.example"})
    refusal = client.post("/graphql", content=b"null", headers=JSON | {"origin": OTHER_ORIGIN})

    assert (allowed.status_code, allowed.headers["access-control-allow-origin"]) == (200, OTHER_ORIGIN)
    assert "access-control-allow-origin" not in foreign.headers
    assert (refusal.status_code, refusal.headers["access-control-allow-origin"]) == (400, OTHER_ORIGIN)


def test_without_configured_origins_no_page_may_call():
    with running_server() as server, httpx.Client(base_url=server.url) as client:
        answer = client.post("/graphql", json={"query": "{hello}"}, headers={"origin": OTHER_ORIGIN})

    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize(
    ("trusted", "forwarded", "seen"),
    [
        ((), "203.0.113.7", "127.0.0.1"),
        (("127.0.0.1",), "203.0.113.7", "203.0.113.7"),
        (("127.0.0.0/8", "10.0.0.0/8"), "198.51.100.1, 203.0.113.7, 10.1.2.3", "203.0.113.7"),
        (("10.0.0.1",), "203.0.113.7", "127.0.0.1"),
    ],
)
def test_forwarded_addresses_count_from_trusted_proxies_only(trusted: tuple, forwarded: str, seen: str):
    with running_server(trusted_proxies=trusted) as server, httpx.Client(base_url=server.url) as client:
        headers = {"x-forwarded-for": forwarded, "x-request-id": "proxied"}
        answer = client.post("/graphql", json={"query": "{client}"}, headers=headers)
        [line] = server.log_lines("proxied", "info")

    assert answer.json() == {"data": {"client": seen}}
    assert line["client"] == seen


def test_each_request_has_a_line(client: httpx.Client, server: Server):
    body = {"query": "query A {hello} mutation B {touch}", "operationName": "B"}
    client.post("/graphql", json=body, headers={"x-request-id": "line-1"})
    client.get("/nothing", headers={"x-request-id": "line-2"})

    [line] = server.log_lines("line-1", "info")
    shown = {
        name: line[name] for name in ("event", "method", "path", "operation", "kind", "status", "client")
    }
    assert shown == {
        "event": "request",
        "method": "POST",
        "path": "/graphql",
        "operation": "B",
        "kind": "mutation",
        "status": 200,
        "client": "127.0.0.1",
    }
    assert line["duration_ms"] >= 0
    assert [line["status"] for line in server.log_lines("line-2", "info")] == [404]


def test_a_value_with_line_breaks_forges_no_line(client: httpx.Client, server: Server):
    forged = '{"event":"forged","level":"info"}'
    evil = f"x\n{forged}\r\n{forged}\u2028{forged}"
    client.post("/graphql", json={"query": f"query A {{broken hello(name: {json.dumps(evil)})}}"})
    client.post("/graphql", json={"query": "{hello}", "operationName": evil})
    client.get("/" + "%0A" + forged, headers={"x-request-id": "forger"})

    assert len(server.log_lines("forger", "info")) == 1
    events = {json.loads(line)["event"] for line in server.log_text().splitlines()}
    assert "forged" not in events


def test_figures_tell_of_requests(client: httpx.Client):
    def value(name: str) -> float:
        [line] = [line for line in client.get("/metrics").text.splitlines() if line.startswith(name)] or [
            "x 0"
        ]
        return float(line.rpartition(" ")[2])

    answered = 'ecoctrl_http_requests_total{operation="mutation",status="200"}'
    timed = 'ecoctrl_http_request_duration_seconds_count{operation="mutation"}'
    before = value(answered), value(timed)

    client.post("/graphql", json={"query": "mutation {touch}"})

    assert (value(answered), value(timed)) == (before[0] + 1, before[1] + 1)


def test_readiness_tells_what_is_missing(client: httpx.Client, monkeypatch: pytest.MonkeyPatch):
    assert client.get("/health").json() == {"status": "alive"}
    assert client.get("/ready").json() == {"status": "ready"}

    monkeypatch.setattr(sample_server, "ready_problems", ["The database does not answer."])
    answer = client.get("/ready")
    assert (answer.status_code, answer.json()["problems"]) == (503, ["The database does not answer."])

    monkeypatch.setattr(sample_server, "ready_problems", None)
    assert client.get("/ready").json()["problems"] == ["The check itself failed; the log says why."]


async def test_a_check_that_does_not_end_is_not_ready(monkeypatch: pytest.MonkeyPatch):
    from ecoctrl_gql.http import health

    async def never() -> list[str]:
        await asyncio.Event().wait()
        return []

    monkeypatch.setattr(health, "CHECK_TIMEOUT_S", 0.05)
    assert len(await health._problems(never)) == 1
