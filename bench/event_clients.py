"""
Subscribers, in a process of their own: ``python -m bench.event_clients`` reads a job, tells what came when.

One thread on raw sockets, as in `load`: what a client library would take is not the server's.
"""

import os
import selectors
import socket
import struct
import sys
from dataclasses import dataclass
from time import monotonic

import orjson

NUMBER = b'"message":"'
"""What stands in every payload right before an alert's number."""

_PAYLOAD_ENDS = b'"'


@dataclass(frozen=True, slots=True)
class Job:
    """
    Subscribers to make.

    Attributes:
        port: Where the server listens.
        authorization: What each shows.
        operations: The subscriptions, taken in turn.
        variables: Those of each operation.
        sockets: How many there are.
        alerts: How many alerts each is to be told of.
        timeout_s: How long they are waited for.
    """

    port: int
    authorization: str
    operations: list[str]
    variables: list[dict[str, object]]
    sockets: int
    alerts: int
    timeout_s: float


class Subscriber:
    """One websocket with one subscription."""

    __slots__ = ("came", "data", "socket")

    def __init__(self, job: Job, index: int) -> None:
        self.data = bytearray()
        self.came: list[tuple[int, float]] = []
        self.socket = socket.create_connection(("127.0.0.1", job.port), timeout=60)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.sendall(_HANDSHAKE)
        while b"\r\n\r\n" not in self.data:
            self.data += self._some()
        del self.data[: self.data.index(b"\r\n\r\n") + 4]
        self._say({"type": "connection_init", "payload": {"authorization": job.authorization}})
        while not self.frames():
            self.data += self._some()
        kind = index % len(job.operations)
        payload = {"query": job.operations[kind], "variables": job.variables[kind]}
        self._say({"id": str(index), "type": "subscribe", "payload": payload})
        self.socket.setblocking(False)

    def take(self) -> None:
        """Take what has come, and note when."""
        self.data += self._some()
        now = monotonic()
        for frame in self.frames():
            start = frame.find(NUMBER)
            if start < 0:
                raise ConnectionError(f"no alert: {frame[:300]!r}")
            start += len(NUMBER)
            self.came.append((int(frame[start : frame.index(_PAYLOAD_ENDS, start)]), now))

    def frames(self) -> list[bytes]:
        """The payloads of the frames that are there as a whole."""
        found = []
        data, place = self.data, 0
        while len(data) - place >= 2:
            size, head = data[place + 1], 2
            if size == 126:
                head = 4
                size = int.from_bytes(data[place + 2 : place + 4])
            elif size == 127:
                head = 10
                size = int.from_bytes(data[place + 2 : place + 10])
            if len(data) - place < head + size:
                break
            body = bytes(data[place + head : place + head + size])
            match data[place]:
                case 0x81:
                    found.append(body)
                case 0x89:  # a ping
                    self.socket.sendall(bytes((0x8A, 0x80 | len(body))) + bytes(4) + body)
                case _:
                    raise ConnectionError(f"closed: {body!r}")
            place += head + size
        del data[:place]
        return found

    def _some(self) -> bytes:
        data = self.socket.recv(1 << 18)
        if not data:
            raise ConnectionError("the server closed a connection")
        return data

    def _say(self, message: object) -> None:
        text = orjson.dumps(message)
        size = bytes((0x80 | len(text),)) if len(text) < 126 else b"\xfe" + struct.pack("!H", len(text))
        self.socket.sendall(b"\x81" + size + bytes(4) + text)  # masked with zeros


_HANDSHAKE = (
    b"GET /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n"
)


def run(job: Job) -> list[list[tuple[int, float]]]:
    """For each subscriber the numbers that came, and when each did by the machine's monotonic clock."""
    subscribers = [Subscriber(job, index) for index in range(job.sockets)]
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    deadline = monotonic() + job.timeout_s
    with selectors.DefaultSelector() as selector:
        for subscriber in subscribers:
            selector.register(subscriber.socket, selectors.EVENT_READ, subscriber)
        missing = len(subscribers)
        while missing and monotonic() < deadline:
            for key, _ in selector.select(0.1):
                before = len(key.data.came)
                key.data.take()
                missing -= before < job.alerts <= len(key.data.came)
    return [subscriber.came for subscriber in subscribers]


if __name__ == "__main__":
    came = run(Job(**orjson.loads(sys.stdin.readline())))
    sys.stdout.buffer.write(orjson.dumps(came))
    sys.stdout.flush()
    os._exit(0)  # thousands of sockets are closed faster by the system
