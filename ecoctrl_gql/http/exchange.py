"""One request from its arrival to its line in the log."""

import re
import secrets
from collections.abc import Awaitable
from itertools import count
from operator import itemgetter
from time import perf_counter
from typing import Any

from starlette.types import Message, Scope, Send

from ecoctrl_gql.http.deadline import Deadline
from ecoctrl_gql.http.operations import Operation

SCOPE_KEY = "ecoctrl.exchange"

SECURITY_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"content-security-policy", b"default-src 'none'; base-uri 'none'; frame-ancestors 'none'"),
)

_name = itemgetter(0)
_SECURITY_NAMES = frozenset(map(_name, SECURITY_HEADERS))
_REQUEST_ID = re.compile(rb"[A-Za-z0-9-]{1,64}")
_process = secrets.token_hex(6)
_numbers = count(1)


class Exchange:
    """What the log and the metrics will tell of a request; parts of it are filled in on the way."""

    __slots__ = ("_send", "deadline", "operation", "request_id", "started_at", "status")

    def __init__(self, request_id: str, send: Send) -> None:
        self.request_id = request_id
        self.started_at = perf_counter()
        self.operation: Operation | None = None
        self.deadline: Deadline | None = None
        self.status = 0
        self._send = send

    @property
    def duration_s(self) -> float:
        return perf_counter() - self.started_at

    # Not async: handing on the inner awaitable saves a coroutine for each message.
    def send(self, message: Message) -> Awaitable[None]:
        """Send on, with the headers that every response carries."""
        if message["type"] == "http.response.start":
            self._start(message)
        return self._send(message)

    def _start(self, message: Message) -> None:
        self.status = message["status"]
        headers: list[tuple[bytes, bytes]] = list(message.get("headers", ()))
        present = set(map(_name, headers))
        if _SECURITY_NAMES.isdisjoint(present):
            headers += SECURITY_HEADERS
        else:
            headers += [header for header in SECURITY_HEADERS if header[0] not in present]
        headers.append((b"x-request-id", self.request_id.encode()))
        message["headers"] = headers
        if self.deadline is not None:
            # From here on the time is the client's: streams last, and slow readers may read slowly.
            self.deadline.lift()


def request_id_from(headers: dict[bytes, bytes]) -> str:
    """The caller's ``X-Request-ID`` where it is harmless, else a new id, unique across processes."""
    given = headers.get(b"x-request-id")
    if given is not None and _REQUEST_ID.fullmatch(given):
        return given.decode()
    return f"{_process}-{next(_numbers):x}"


def note_operation(scope: Scope, operation: Operation) -> None:
    """Tell the log and the metrics which operation the request runs."""
    exchange: Any = scope.get(SCOPE_KEY)
    if exchange is not None:
        exchange.operation = operation
