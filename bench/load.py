"""
The clients, in a process of their own: ``python -m bench.load`` reads a job and writes what it measured.

One thread on raw sockets: a request is two system calls and a few microseconds, and every answer's status
and length are looked at. A general client would take more of the machine than the server it measures.
"""

import re
import selectors
import socket
import sys
from array import array
from dataclasses import asdict, dataclass, field
from itertools import count
from time import perf_counter, process_time

import orjson

from bench.processes import cpu_seconds, resident_bytes, tree_cpu_seconds

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)\r\n", re.IGNORECASE)
_OK = b"HTTP/1.1 200"
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Job:
    """
    A load to make.

    Attributes:
        port: Where the server listens.
        path: What is asked for.
        headers: The headers of each request but for its length.
        bodies: The requests, sent in turn.
        lengths: The bytes that each answer must have; None where answers differ in length.
        connections: How many clients there are; each sends its next request when it has its answer.
        warmup_s: How long before measuring begins.
        seconds: How long is measured.
        server: The server's process id.
        postmaster: The process id of PostgreSQL's first process.
    """

    port: int
    path: str
    headers: dict[str, str]
    bodies: list[str]
    lengths: list[int] | None
    connections: int
    warmup_s: float
    seconds: float
    server: int
    postmaster: int


@dataclass(slots=True)
class Measured:
    """
    What a load took.

    Attributes:
        answers: Right answers while it was measured.
        all_answers: Right answers from first to last, warm-up included.
        wrong: The first of the wrong answers.
    """

    answers: int = 0
    all_answers: int = 0
    seconds: float = 0.0
    body_bytes: int = 0
    server_cpu_s: float = 0.0
    postgres_cpu_s: float = 0.0
    client_cpu_s: float = 0.0
    server_rss: int = 0
    p50_ms: float = 0.0
    p99_ms: float = 0.0
    wrong: list[str] = field(default_factory=list)


class Client:
    """One keep-alive connection."""

    __slots__ = ("answer", "asked_at", "number", "socket", "wanted")

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.answer = bytearray()
        self.wanted = self.number = 0
        self.asked_at = 0.0

    def ask(self, number: int, request: bytes) -> None:
        self.number, self.wanted, self.answer = number, 0, bytearray()
        self.asked_at = perf_counter()
        self.socket.sendall(request)

    def take(self) -> bool:
        """
        Take what has come of the answer; whether that is all of it.

        Raises:
            ConnectionError: The server hung up, or its answer does not tell its length.
        """
        data = self.socket.recv(_CHUNK)
        if not data:
            raise ConnectionError("the server closed a connection")
        self.answer += data
        if not self.wanted:
            self.wanted = _whole_length(self.answer)
        return len(self.answer) >= self.wanted > 0

    @property
    def body_length(self) -> int:
        return self.wanted - self.answer.index(b"\r\n\r\n") - 4


class Load:
    """The run of one job."""

    def __init__(self, job: Job) -> None:
        self.job, self.measured = job, Measured()
        self._requests = [_request(job, body.encode()) for body in job.bodies]
        self._numbers = count()
        self._latencies_s = array("d")

    def run(self) -> Measured:
        """Ask, measure, and take the answers that are still to come."""
        clients = [Client(self.job.port) for _ in range(self.job.connections)]
        with selectors.DefaultSelector() as selector:
            for client in clients:
                selector.register(client.socket, selectors.EVENT_READ, client)
                self._ask(client)
            self._answer_until(selector, perf_counter() + self.job.warmup_s)
            self._measure(selector)
            self._finish(selector, len(clients))
        for client in clients:
            client.socket.close()
        return self.measured

    def _measure(self, selector: selectors.BaseSelector) -> None:
        measured, job = self.measured, self.job
        self._latencies_s, measured.body_bytes = array("d"), 0
        before = cpu_seconds(job.server), tree_cpu_seconds(job.postmaster), process_time(), perf_counter()
        self._answer_until(selector, before[3] + job.seconds)
        measured.seconds = perf_counter() - before[3]
        measured.client_cpu_s = process_time() - before[2]
        measured.server_cpu_s = cpu_seconds(job.server) - before[0]
        measured.postgres_cpu_s = tree_cpu_seconds(job.postmaster) - before[1]
        measured.server_rss = resident_bytes(job.server)
        latencies = sorted(self._latencies_s)
        measured.answers = len(latencies)
        if latencies:
            measured.p50_ms = latencies[len(latencies) // 2] * 1000
            measured.p99_ms = latencies[int(len(latencies) * 0.99)] * 1000

    def _answer_until(self, selector: selectors.BaseSelector, end: float) -> None:
        while perf_counter() < end:
            for key, _ in selector.select(0.1):
                if key.data.take():
                    self._check(key.data)
                    self._ask(key.data)

    def _finish(self, selector: selectors.BaseSelector, open_answers: int) -> None:
        """Ask no more, so that what was asked and what was answered are the same number."""
        body_bytes = self.measured.body_bytes
        while open_answers:
            for key, _ in selector.select():
                if key.data.take():
                    self._check(key.data)
                    open_answers -= 1
        self.measured.body_bytes = body_bytes

    def _ask(self, client: Client) -> None:
        number = next(self._numbers) % len(self._requests)
        client.ask(number, self._requests[number])

    def _check(self, client: Client) -> None:
        self._latencies_s.append(perf_counter() - client.asked_at)
        length = client.body_length
        lengths = self.job.lengths
        right = client.answer.startswith(_OK) and (
            b'"errors"' not in client.answer if lengths is None else length == lengths[client.number]
        )
        if right:
            self.measured.all_answers += 1
            self.measured.body_bytes += length
        elif len(self.measured.wrong) < 3:
            self.measured.wrong.append(bytes(client.answer[:500]).decode(errors="replace"))


def _whole_length(answer: bytearray) -> int:
    """The length of an answer with its head; 0 while the head is not there yet."""
    end = answer.find(b"\r\n\r\n")
    if end < 0:
        return 0
    length = _LENGTH.search(answer, 0, end + 2)
    if length is None:
        raise ConnectionError("an answer does not tell its length")
    return end + 4 + int(length[1])


def _request(job: Job, body: bytes) -> bytes:
    headers = {"Host": "127.0.0.1", **job.headers, "Content-Length": str(len(body))}
    lines = [f"POST {job.path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode() + body


if __name__ == "__main__":
    done = Load(Job(**orjson.loads(sys.stdin.buffer.read()))).run()
    sys.stdout.buffer.write(orjson.dumps(asdict(done)))
