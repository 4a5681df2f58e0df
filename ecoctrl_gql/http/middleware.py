"""
The one layer around everything that is served.

One class and not one for each duty: each layer would cost each request a coroutine, a look at the
headers and a wrapped ``send``.
"""

from collections.abc import Mapping
from contextlib import suppress

import structlog
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import ClientDisconnect, HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ecoctrl_gql.config import Settings
from ecoctrl_gql.errors import TimedOutError
from ecoctrl_gql.http.access import AccessLog
from ecoctrl_gql.http.deadline import Deadlines
from ecoctrl_gql.http.exchange import SCOPE_KEY, Exchange, request_id_from
from ecoctrl_gql.http.metrics import Metrics
from ecoctrl_gql.http.responses import refusal
from ecoctrl_gql.logs import LineWriter, current_request_id

MAX_BODY_BYTES = 2_000_000
MAX_UPLOAD_BYTES = 100_000_000
UPLOAD_TIMEOUT_FACTOR = 10
# Up to here a refused body is read and dropped, since most clients read the answer only afterwards.
MAX_DROPPED_BYTES = 16_000_000

CLIENT_CLOSED_REQUEST = 499

log = structlog.stdlib.get_logger("ecoctrl.http")


class EdgeMiddleware:
    """
    Bounds, deadline, request id, security headers, metrics and the access log.

    ``direct`` are applications by their exact path that do without Starlette's routing and error
    handling, which cost as much as a small query; they handle their own errors.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        request_timeout_s: float,
        metrics: Metrics,
        access_log: AccessLog | None = None,
        direct: Mapping[str, ASGIApp] | None = None,
    ) -> None:
        self._app = app
        self._deadlines = Deadlines(request_timeout_s)
        self._upload_deadlines = Deadlines(request_timeout_s * UPLOAD_TIMEOUT_FACTOR)
        self._metrics = metrics
        self._access_log = access_log
        self._direct = direct or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._answer(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._hold_socket(scope, receive, send)
        else:
            await self._live(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = dict(scope["headers"])
        exchange = self._begin(scope, headers, send)
        upload = headers.get(b"content-type", b"").startswith(b"multipart/form-data")
        deadlines = self._upload_deadlines if upload else self._deadlines
        try:
            with deadlines.start() as exchange.deadline:
                receive = await _bounded(headers, receive, MAX_UPLOAD_BYTES if upload else MAX_BODY_BYTES)
                app = self._direct.get(scope["path"], self._app)
                await app(scope, receive, exchange.send)
        except ClientDisconnect:
            exchange.status = CLIENT_CLOSED_REQUEST
        except Exception as error:
            await self._fail(error, scope, exchange)
        finally:
            self._metrics.count(exchange)
            if self._access_log is not None:
                self._access_log.record(scope, exchange)
            del scope[SCOPE_KEY]  # the two hold each other: garbage that only a collection would find

    async def _fail(self, error: Exception, scope: Scope, exchange: Exchange) -> None:
        if exchange.deadline is not None and exchange.deadline.passed:
            error = TimedOutError("The request took too long and was stopped.")
        exchange.deadline = None
        if exchange.status:
            # The answer has begun: if it is not whole, the broken connection tells the client.
            log.error("A request failed", path=scope["path"], exc_info=error)
            with suppress(RuntimeError):  # where the answer is whole already
                await exchange.send({"type": "http.response.body", "body": b"", "more_body": True})
            return
        await refusal(error, HTTPConnection(scope))(scope, _nothing, exchange.send)

    async def _hold_socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        exchange = self._begin(scope, dict(scope["headers"]), send)
        exchange.status = 101
        self._metrics.sockets_open.inc()
        try:
            await self._direct.get(scope["path"], self._app)(scope, receive, send)
        finally:
            self._metrics.sockets_open.dec()
            if self._access_log is not None:
                self._access_log.record(scope, exchange)

    async def _live(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._app(scope, receive, send)
        finally:
            if self._access_log is not None:
                self._access_log.flush()

    @staticmethod
    def _begin(scope: Scope, headers: dict[bytes, bytes], send: Send) -> Exchange:
        exchange = Exchange(request_id_from(headers), send)
        scope[SCOPE_KEY] = exchange
        current_request_id.set(exchange.request_id)
        return exchange


def edge(
    app: ASGIApp, settings: Settings, metrics: Metrics, direct: Mapping[str, ASGIApp] | None = None
) -> ASGIApp:
    """The application as uvicorn serves it."""
    debug = settings.log_level == "debug"
    wants_lines = debug or settings.log_level == "info"
    middleware = EdgeMiddleware(
        app,
        request_timeout_s=settings.request_timeout_s,
        metrics=metrics,
        access_log=AccessLog(LineWriter(settings), debug=debug) if wants_lines else None,
        direct=direct,
    )
    return cross_origin(middleware, settings)


def cross_origin(app: ASGIApp, settings: Settings) -> ASGIApp:
    """Let pages of the configured origins call; to be outermost, so that they may read refusals too."""
    if not settings.cors_origin:
        return app
    return CORSMiddleware(
        app,
        allow_origins=settings.cors_origin,
        allow_methods=("GET", "POST"),
        allow_headers=(
            "Authorization",
            "Content-Type",
            "Apollo-Require-Preflight",
            "X-Requested-With",
            "X-Request-ID",
        ),
        expose_headers=("X-Request-ID", "Retry-After"),
        max_age=3600,
    )


async def _bounded(headers: dict[bytes, bytes], receive: Receive, limit: int) -> Receive:
    """
    The request's body, which ends in an error past the limit.

    Raises:
        HTTPException: It is encoded, or announced to be longer than the limit.
    """
    encoding = headers.get(b"content-encoding")
    if encoding is not None and encoding.lower() != b"identity":
        raise HTTPException(415, "Encoded bodies are not accepted.", {"Accept-Encoding": "identity"})
    if b"transfer-encoding" in headers:
        return _counted(receive, limit)
    length = headers.get(b"content-length")
    # The server has made sure that this is a number, and that the body keeps to it.
    if length is not None and int(length) > limit:
        if int(length) <= MAX_DROPPED_BYTES and b"expect" not in headers:
            await _drop(receive)
        raise _too_large(limit)
    return receive


def _counted(receive: Receive, limit: int) -> Receive:
    received = 0

    async def receive_counted() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        if received > limit:
            raise _too_large(limit)
        return message

    return receive_counted


async def _drop(receive: Receive) -> None:
    while (await receive()).get("more_body", False):
        pass


def _too_large(limit: int) -> HTTPException:
    return HTTPException(413, f"The body may have at most {limit:,} bytes.")


async def _nothing() -> Message:
    return {"type": "http.disconnect"}
