"""
Answers that come in one piece, written in one step.

uvicorn writes heads by themselves and matches each header of each answer with two regular expressions,
which together cost as much as a small query.
"""

from collections.abc import Awaitable
from functools import lru_cache
from typing import Any, Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import (
    HEADER_RE,
    HEADER_VALUE_RE,
    STATUS_LINE,
    RequestResponseCycle,
)

from ecoctrl_gql.http.exchange import SECURITY_HEADERS
from ecoctrl_gql.http.responses import COMMON_HEADERS

MAX_JOINED_BYTES: Final = 65_536
"""Up to here a body is copied to its head; two buffers are cheaper for longer ones."""

_LINES: Final = {header: b"%b: %b\r\n" % header for header in (*SECURITY_HEADERS, *COMMON_HEADERS)}
# What they say is uvicorn's to follow.
_FRAMING: Final = frozenset({b"connection", b"transfer-encoding"})
_BODILESS: Final = frozenset({204, 304})


def in_one_piece(cycle: RequestResponseCycle, app: ASGIApp) -> ASGIApp:
    """The application, whose answer to the request of ``cycle`` is written in one step if it can be."""

    # Not async: handing on the inner awaitable saves a coroutine for each request.
    def call(scope: Scope, receive: Receive, _send: Send) -> Awaitable[None]:
        return app(scope, receive, WholeAnswer(cycle).send)

    return call


class WholeAnswer:
    """
    The ``send`` of one request.

    It keeps the head of an answer that announces its length. If the whole body follows, both are written
    together; whatever is not as plain as that goes uvicorn's way, message by message.
    """

    __slots__ = ("_cycle", "_head", "_length", "_start")

    def __init__(self, cycle: RequestResponseCycle) -> None:
        self._cycle = cycle
        self._start: Message | None = None
        self._head: list[bytes] = []
        self._length = -1

    async def send(self, message: Message) -> None:
        """
        Send on.

        Raises:
            RuntimeError: The messages make no answer, or a header holds what none may.
        """
        start, cycle = self._start, self._cycle
        if start is None:
            if not self._keeps(message):
                await cycle.send(_uvicorns(message))
            return
        self._start = None
        body = message.get("body", b"")
        if self._completes(message, body):
            self._write(body)
            return
        await cycle.send(_uvicorns(start))
        await cycle.send(_uvicorns(message))

    def _keeps(self, message: Message) -> bool:
        """Keep a head whose body may be written along with it."""
        cycle = self._cycle
        if message["type"] != "http.response.start" or cycle.response_started or not cycle.keep_alive:
            return False
        if cycle.access_log or cycle.scope["method"] == "HEAD":
            return False
        status = message["status"]
        headers = message.get("headers", ())
        if type(headers) is not list or set(map(type, headers)) != {tuple}:
            return False
        lines: list[Any] = list(map(_LINES.get, headers))
        for place, line in enumerate(lines):
            if line is None:
                name, value = headers[place]
                name = name.lower()
                if name in _FRAMING or HEADER_RE.search(name) or HEADER_VALUE_RE.search(value):
                    return False
                if name == b"content-length":
                    if self._length >= 0:
                        return False
                    self._length = int(value)
                lines[place] = b"%b: %b\r\n" % (name, value)
        if self._length < 0 or status in _BODILESS:
            return False
        head = [STATUS_LINE[status], _default_lines(tuple(cycle.default_headers)), *lines, b"\r\n"]
        self._head, self._start = head, message
        return True

    def _completes(self, message: Message, body: bytes) -> bool:
        """Whether a message is the whole body, and the client takes it."""
        return (
            message["type"] == "http.response.body"
            and not message.get("more_body", False)
            and len(body) == self._length
            and not self._cycle.disconnected
            and not self._cycle.flow.write_paused
        )

    def _write(self, body: bytes) -> None:
        """As `RequestResponseCycle.send` at the end of an answer."""
        cycle = self._cycle
        cycle.response_started = cycle.response_complete = True
        cycle.waiting_for_100_continue = False
        if len(body) <= MAX_JOINED_BYTES:
            self._head.append(body)
            cycle.transport.write(b"".join(self._head))
        else:
            cycle.transport.writelines((b"".join(self._head), body))
        cycle.message_event.set()
        if not cycle.keep_alive:  # the server is about to end
            cycle.transport.close()
        cycle.on_response()


@lru_cache(maxsize=2)
def _default_lines(headers: tuple[tuple[bytes, bytes], ...]) -> bytes:
    """The headers that uvicorn adds to all answers, which change once a second: the date."""
    return b"".join(b"%b: %b\r\n" % header for header in headers)


def _uvicorns(message: Message) -> Any:
    """The message by uvicorn's narrower types."""
    return message
