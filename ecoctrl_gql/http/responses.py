"""Answers in the GraphQL shape, results and errors alike."""

from collections.abc import Mapping
from typing import Any

import orjson
import structlog
from cross_web import HTTPException
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response

from ecoctrl_gql.errors import EcoctrlError
from ecoctrl_gql.http.negotiation import GRAPHQL_JSON, JSON, response_type
from ecoctrl_gql.logs import current_request_id

log = structlog.stdlib.get_logger("ecoctrl.http")

_CONTENT_TYPES = {
    media_type: (b"content-type", f"{media_type}; charset=utf-8".encode())
    for media_type in (JSON, GRAPHQL_JSON)
}
_NO_STORE = (b"cache-control", b"no-store")
COMMON_HEADERS = (*_CONTENT_TYPES.values(), _NO_STORE)

INTERNAL_ERROR = "INTERNAL_ERROR"
BAD_INPUT = "BAD_USER_INPUT"

STATUS_BY_CODE = {
    "UNAUTHENTICATED": 401,
    "FORBIDDEN": 403,
    "NOT_FOUND": 404,
    "RATE_LIMITED": 429,
    INTERNAL_ERROR: 500,
    "SERVICE_UNAVAILABLE": 503,
    "TIMEOUT": 504,
}
_CODE_BY_STATUS = {
    403: "FORBIDDEN",
    404: "NOT_FOUND",
    405: "METHOD_NOT_ALLOWED",
    415: "UNSUPPORTED_MEDIA_TYPE",
    431: "HEADERS_TOO_LARGE",
    500: INTERNAL_ERROR,
    504: "TIMEOUT",
}

# The rest of these requests' bodies is not worth reading; closing tells the client so.
_CLOSING = frozenset({413, 431, 504})


class GraphQLResponse(Response):
    """A JSON answer; built with few steps, since every request makes one."""

    def __init__(self, content: object, status: int = 200, media_type: str = JSON) -> None:
        self.status_code = status
        self.background = None
        self.body = orjson.dumps(content)
        self.raw_headers = [
            _CONTENT_TYPES[media_type],
            _NO_STORE,
            (b"content-length", str(len(self.body)).encode()),
        ]


class Preparation(Response):
    """What resolvers add to the answer that is still to be made: headers, cookies, a status."""

    def __init__(self, accept: str) -> None:
        self.accept = accept
        self.status_code = 0
        self.background = None
        self.raw_headers = []


def refusal(error: Exception, request: HTTPConnection) -> GraphQLResponse:
    """
    The answer to a request that failed before it became an operation.

    What is neither an ``EcoctrlError`` nor an HTTP error is logged and masked.
    """
    media_type = response_type(request.headers.get("accept", ""))
    if isinstance(error, EcoctrlError):
        return failure(error.message, error.extensions, status_of(error.code), media_type)
    if isinstance(error, HTTPException):
        response = http_failure(error.status_code, error.reason, media_type)
        if error.status_code == 405:
            response.headers["allow"] = "POST" if request.scope["method"] == "GET" else "GET, POST"
        return response
    if isinstance(error, StarletteHTTPException):
        response = http_failure(error.status_code, error.detail, media_type)
        response.headers.update(error.headers or {})
        return response
    log.error("A request failed", path=request.scope["path"], exc_info=error)
    return _masked(media_type)


def _masked(media_type: str) -> GraphQLResponse:
    return failure("Internal error", internal_extensions(current_request_id.get()), 500, media_type)


def http_failure(status: int, message: str, media_type: str = JSON) -> GraphQLResponse:
    return failure(message, {"code": _CODE_BY_STATUS.get(status, BAD_INPUT)}, status, media_type)


def failure(message: str, extensions: dict[str, Any], status: int, media_type: str = JSON) -> GraphQLResponse:
    response = GraphQLResponse(
        {"errors": [{"message": message, "extensions": extensions}]}, status, media_type
    )
    if status in _CLOSING:
        response.raw_headers.append((b"connection", b"close"))
    if "retryAfter" in extensions:
        response.raw_headers.append((b"retry-after", str(extensions["retryAfter"]).encode()))
    return response


def internal_extensions(request_id: str | None) -> dict[str, Any]:
    return {"code": INTERNAL_ERROR, "requestId": request_id}


def status_of(code: str) -> int:
    return STATUS_BY_CODE.get(code, 400)


async def answer_exception(request: Request, error: Exception) -> Response:
    return refusal(error, request)


async def answer_fault(request: Request, _error: Exception) -> Response:
    """Starlette raises the error again after the answer, and the edge logs it then."""
    return _masked(response_type(request.headers.get("accept", "")))


# For ``Starlette(exception_handlers=...)``: the routes beside GraphQL answer in the same shape.
EXCEPTION_HANDLERS: Mapping[Any, Any] = {
    StarletteHTTPException: answer_exception,
    EcoctrlError: answer_exception,
    Exception: answer_fault,
}
