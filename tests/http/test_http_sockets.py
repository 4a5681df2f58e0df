"""graphql-transport-ws, frame by frame."""

import collections
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sample_server import OTHER_ORIGIN, SECRET, Server
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

PROTOCOL = "graphql-transport-ws"
INIT = {"type": "connection_init"}


@contextmanager
def opened(
    server: Server, *, init: dict[str, Any] | None = INIT, **options: Any
) -> Iterator[ClientConnection]:
    with connect(server.socket_url, subprotocols=[PROTOCOL], max_size=None, **options) as socket:
        if init is not None:
            say(socket, init)
            assert hear(socket) == {"type": "connection_ack"}
        yield socket


def say(socket: ClientConnection, message: object) -> None:
    socket.send(message if isinstance(message, str | bytes) else json.dumps(message))


def hear(socket: ClientConnection) -> dict[str, Any]:
    text = socket.recv(timeout=10)
    assert isinstance(text, str)
    return json.loads(text)


def closing(socket: ClientConnection) -> tuple[int | None, str]:
    with pytest.raises(ConnectionClosed):
        collections.deque(iter(lambda: socket.recv(timeout=10), None), maxlen=0)
    return socket.close_code, socket.close_reason or ""


def subscribe(query: str, identifier: str = "1", **payload: Any) -> dict[str, Any]:
    return {"id": identifier, "type": "subscribe", "payload": {"query": query, **payload}}


def test_queries_mutations_and_subscriptions_run(server: Server):
    with opened(server) as socket:
        say(
            socket,
            subscribe(
                "query A {hello} query B($n: String!) {hello(name: $n)}",
                variables={"n": "you"},
                operationName="B",
            ),
        )
        assert hear(socket) == {"id": "1", "type": "next", "payload": {"data": {"hello": "Hello you"}}}
        assert hear(socket) == {"id": "1", "type": "complete"}
        say(socket, subscribe("mutation {touch}"))
        assert [hear(socket)["type"] for _ in range(2)] == ["next", "complete"]
        say(socket, subscribe("subscription {count(to: 2)}", variables=None, extensions={}))
        payloads = [hear(socket).get("payload") for _ in range(3)]
        assert payloads == [{"data": {"count": 1}}, {"data": {"count": 2}}, None]


@pytest.mark.parametrize(
    "init",
    [INIT | {"payload": None}, INIT | {"payload": {}}, INIT | {"payload": {"authorization": "Bearer x"}}],
)
def test_the_payload_of_init_is_optional(server: Server, init: dict):
    with opened(server, init=init) as socket:
        say(socket, {"type": "ping", "payload": None})
        assert hear(socket) == {"type": "pong"}


MALFORMED = {
    "no JSON": "{",
    "empty": "",
    "list": "[]",
    "number": "1",
    "null": "null",
    "string": '"ping"',
    "deep": "[" * 100_000,
    "binary": b'{"type":"ping"}',
    "no type": {},
    "type null": {"type": None},
    "type a list": {"type": ["ping"]},
    "type unknown": {"type": "x" * 500},
    "type of the old protocol": {"type": "start", "id": "1", "payload": {"query": "{hello}"}},
    "init with a list": INIT | {"payload": []},
    "ping with text": {"type": "ping", "payload": "x"},
    "complete without id": {"type": "complete"},
    "complete with a number": {"type": "complete", "id": 1},
    "no id": {"type": "subscribe", "payload": {"query": "{hello}"}},
    "id a number": {"id": 1, "type": "subscribe", "payload": {"query": "{hello}"}},
    "id empty": subscribe("{hello}", ""),
    "id a list": {"id": [], "type": "subscribe", "payload": {"query": "{hello}"}},
    "id too long": subscribe("{hello}", "é" * 50),
    "no payload": {"id": "1", "type": "subscribe"},
    "payload null": {"id": "1", "type": "subscribe", "payload": None},
    "payload a list": {"id": "1", "type": "subscribe", "payload": []},
    "payload text": {"id": "1", "type": "subscribe", "payload": "{hello}"},
    "no query": {"id": "1", "type": "subscribe", "payload": {}},
    "query a number": {"id": "1", "type": "subscribe", "payload": {"query": 1}},
    "query null": {"id": "1", "type": "subscribe", "payload": {"query": None}},
    "variables a list": subscribe("{hello}", variables=[]),
    "variables text": subscribe("{hello}", variables="{}"),
    "operation name a number": subscribe("{hello}", operationName=1),
    "extensions a list": subscribe("{hello}", extensions=[]),
}


@pytest.mark.parametrize("frame", MALFORMED.values(), ids=MALFORMED.keys())
def test_malformed_frames_close_with_4400(server: Server, frame: object):
    with opened(server) as socket:
        say(socket, frame)
        code, reason = closing(socket)

    assert code == 4400
    assert reason


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("", "BAD_USER_INPUT"),
        ("{nothing}", "GRAPHQL_VALIDATION_FAILED"),
        ("query A {hello} query B {hello}", "BAD_USER_INPUT"),
        ("query ($n: Int!) {number(value: $n)}", "BAD_USER_INPUT"),
        ("{" + "hello " * 500 + "}", "QUERY_TOO_COMPLEX"),
        ("#" * 70_000, "QUERY_TOO_COMPLEX"),
    ],
)
def test_malformed_operations_leave_the_socket_open(server: Server, query: str, code: str):
    with opened(server) as socket:
        say(socket, subscribe(query, operationName="C" if query.startswith("query A") else None))
        message = hear(socket)
        # graphql-core finds bad variables only when it executes, hence with a result.
        errors = message["payload"] if message["type"] == "error" else message["payload"]["errors"]
        assert errors[0]["extensions"]["code"] == code
        if message["type"] == "next":
            assert hear(socket)["type"] == "complete"
        say(socket, subscribe("{hello}", "2"))
        assert hear(socket)["payload"] == {"data": {"hello": "Hello world"}}


def test_faults_are_masked(server: Server):
    with opened(server) as socket:
        say(socket, subscribe("{broken}"))
        result = hear(socket)
        say(socket, subscribe("subscription {breaks}", "2"))
        hear(socket)
        hear(socket)
        broken = hear(socket)

    for message in (result, broken):
        assert message["payload"]["errors"][0]["message"] == "Internal error"
        assert SECRET not in json.dumps(message)


def test_a_silent_socket_is_closed_with_4408(server: Server):
    with opened(server, init=None) as socket:
        assert closing(socket)[0] == 4408


def test_operations_before_init_close_with_4401(server: Server):
    with opened(server, init=None) as socket:
        say(socket, subscribe("{hello}"))
        assert closing(socket)[0] == 4401


def test_a_second_init_closes_with_4429(server: Server):
    with opened(server) as socket:
        say(socket, INIT)
        assert closing(socket)[0] == 4429


def test_an_id_in_use_closes_with_4409(server: Server):
    with opened(server) as socket:
        say(socket, subscribe("subscription {count(to: 100, waitS: 1)}", "é" * 40))
        hear(socket)
        say(socket, subscribe("{hello}", "é" * 40))
        assert closing(socket)[0] == 4409


def test_an_id_is_free_after_its_operation(server: Server):
    with opened(server) as socket:
        for _ in range(2):
            say(socket, subscribe("subscription {count(to: 100, waitS: 1)}"))
            assert hear(socket)["payload"] == {"data": {"count": 1}}
            say(socket, {"id": "1", "type": "complete"})


@pytest.mark.parametrize(("token", "code"), [("Bearer expired", 4403), ("Bearer breaks", 1011)])
def test_a_refused_init_closes(server: Server, token: str, code: int):
    with opened(server, init=None) as socket:
        say(socket, INIT | {"payload": {"authorization": token}})
        found, reason = closing(socket)

    assert found == code
    assert SECRET not in reason


def test_a_context_that_fails_closes_with_1011(server: Server):
    with opened(server, init=None, additional_headers={"authorization": "Bearer breaks"}) as socket:
        assert closing(socket)[0] == 1011


@pytest.mark.parametrize("protocols", [["graphql-ws"], ["unknown"], None])
def test_other_protocols_close_with_4406(server: Server, protocols: list | None):
    with connect(server.socket_url, subprotocols=protocols) as socket:
        assert closing(socket)[0] == 4406


def test_at_most_100_operations_run_on_a_socket(server: Server):
    with opened(server) as socket:
        for number in range(101):
            say(socket, subscribe("subscription {count(to: 1000, waitS: 60)}", str(number)))
        messages = [hear(socket) for _ in range(101)]
        [refused] = [message for message in messages if message["type"] == "error"]
        assert refused["id"] == "100"
        assert refused["payload"][0]["extensions"] == {"code": "RATE_LIMITED"}
        say(socket, {"id": "5", "type": "complete"})
        say(socket, subscribe("{hello}", "again"))
        assert hear(socket)["payload"] == {"data": {"hello": "Hello world"}}


def test_the_deadline_holds_for_queries_but_not_for_subscriptions(server: Server):
    stopped = server.seen.stopped
    with opened(server) as socket:
        say(socket, subscribe("subscription {count(to: 4, waitS: 0.4)}", "lasting"))
        say(socket, subscribe("{slow}", "slow"))
        messages = [hear(socket) for _ in range(6)]

    [late] = [message for message in messages if message["id"] == "slow"]
    assert late["type"] == "error"
    assert late["payload"][0]["extensions"] == {"code": "TIMEOUT"}
    assert server.seen.stopped == stopped + 1
    assert messages[-1] == {"id": "lasting", "type": "complete"}


def test_frames_over_a_mebibyte_close_with_1009(server: Server):
    with opened(server) as socket:
        say(socket, subscribe("{hello}", variables={"x": "y" * 1_048_577}))
        assert closing(socket)[0] == 1009


@pytest.mark.parametrize("origin", [None, OTHER_ORIGIN, "same"])
def test_own_and_listed_origins_may_open_sockets(server: Server, origin: str | None):
    with opened(server, origin=server.url if origin == "same" else origin) as socket:
        say(socket, subscribe("{hello}"))
        assert hear(socket)["payload"] == {"data": {"hello": "Hello world"}}


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://127.0.0.1:1", f"{OTHER_ORIGIN}.evil.example"]
)
def test_foreign_origins_may_not(server: Server, origin: str):
    contexts = server.seen.contexts
    with pytest.raises(InvalidStatus) as refusal, opened(server, origin=origin):
        pass

    assert refusal.value.response.status_code == 403
    assert server.seen.contexts == contexts


def test_open_sockets_are_counted(server: Server):
    import httpx

    def count() -> str:
        lines = httpx.get(f"{server.url}/metrics").text.splitlines()
        return next(line for line in lines if line.startswith("ecoctrl_websockets_open "))

    with opened(server) as first, opened(server) as second:
        say(first, {"type": "ping"})
        hear(first)
        before = float(count().split()[1])
        second.close()
        say(first, {"type": "ping"})
        hear(first)

    assert before >= 2
