"""
uvicorn's HTTP protocol, with bounds on what comes before a request's body.

httptools limits neither the size of headers nor the time they take, so that one connection could
fill the memory or stay half-open for ever.
"""

import asyncio
from itertools import chain
from typing import Any, Final

from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from ecoctrl_gql.http.connections import CONNECTION
from ecoctrl_gql.http.responses import http_failure
from ecoctrl_gql.http.whole_answers import in_one_piece

MAX_HEADERS: Final = 100
MAX_HEAD_BYTES: Final = 32_768
HEAD_TIMEOUT_S: Final = 15.0


class _HeadTooLargeError(Exception):
    pass


class BoundedHttpProtocol(HttpToolsProtocol):
    """Answers 431 to heads that are too large, and closes connections whose head does not come."""

    _in_head = True
    _head_bytes = 0
    _piece_bytes = 0
    _too_large = False
    _head_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # so is uvicorn's
        super().connection_made(transport)
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._head_came()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._piece_bytes = len(data)
        super().data_received(data)
        # A head mostly comes in one piece; only for the others is there anything to do.
        if self._in_head and not self.transport.is_closing():
            self._head_bytes += len(data)
            if self._head_bytes > MAX_HEAD_BYTES:
                self._too_large = True
                self.send_400_response("")
            elif self._head_timer is None:
                self._await_head()

    def on_message_begin(self) -> None:
        self._in_head = True
        self._head_bytes = 0
        super().on_message_begin()

    def end_stalled(self) -> None:
        """Drop the connection, whose client takes nothing."""
        self.transport.abort()

    def on_headers_complete(self) -> None:
        self._in_head = False
        self._head_came()
        if len(self.headers) > MAX_HEADERS or self._is_large():
            self._too_large = True
            raise _HeadTooLargeError  # ends the parsing; data_received then has the error answered
        scope: Any = self.scope
        scope[CONNECTION] = self
        super().on_headers_complete()

    def _is_large(self) -> bool:
        if self._head_bytes + self._piece_bytes <= MAX_HEAD_BYTES:  # with all that came along with the head
            return False
        return len(self.url) + sum(map(len, chain.from_iterable(self.headers))) > MAX_HEAD_BYTES

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGIApp) -> None:  # type: ignore[override]  # as above
        super()._start_asgi_task(cycle, in_one_piece(cycle, app))  # type: ignore[arg-type]  # ASGI by two names

    def send_400_response(self, msg: str) -> None:
        if self._too_large:
            response = http_failure(431, "The request's headers are too large.")
        else:
            response = http_failure(400, msg)
        lines = [STATUS_LINE[response.status_code]]
        lines += [b"%b: %b\r\n" % header for header in response.raw_headers]
        self.transport.write(b"".join([*lines, b"connection: close\r\n\r\n", bytes(response.body)]))
        self.transport.close()

    def _await_head(self) -> None:
        self._head_timer = self.loop.call_later(HEAD_TIMEOUT_S, self._head_is_late)

    def _head_came(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _head_is_late(self) -> None:
        self._head_timer = None
        if self._in_head:
            self.transport.close()
