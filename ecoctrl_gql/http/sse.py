"""Streamed answers: server-sent events, as graphql-sse has them, and Apollo's multipart subscriptions."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from strawberry.http.streaming import HTTPStreamTransport, MultipartSubscriptionTransport, SSETransport
from strawberry.types import ExecutionResult

from ecoctrl_gql.errors import UnauthenticatedError
from ecoctrl_gql.http.gate import Gate
from ecoctrl_gql.http.negotiation import EVENT_STREAM, wants_event_stream
from ecoctrl_gql.http.shared import graphql_error


class EventStreamTransport(SSETransport):
    """Events, one connection an operation, for clients that accept nothing else."""

    def accepts(self, accept: str) -> bool:
        return wants_event_stream(accept)

    # urql looks for "\n\n" between events; the standard allows all kinds of line ends.
    def encode_event(self, event: str, data: str | None = None) -> str:
        return f"event: {event}\ndata: {data or ''}\n\n"

    def encode_comment(self, comment: str) -> str:
        return f": {comment}\n\n"


_EVENTS = EventStreamTransport()
_PARTS = MultipartSubscriptionTransport()


def stream_transport(accept: str) -> HTTPStreamTransport | None:
    """How a client that accepts this wants to be streamed to; None if it wants a plain answer."""
    if EVENT_STREAM in accept and _EVENTS.accepts(accept):
        return _EVENTS
    # Looked for first, since Strawberry parses the header as an e-mail's.
    return _PARTS if "multipart/mixed" in accept and _PARTS.accepts(accept) else None


async def until_ended(results: Any, gate: Gate, context: Any) -> AsyncIterator[ExecutionResult]:
    """The results of a stream, which ends with an error where the right to it ends."""
    ended: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    gate.hold(context, lambda _code, reason: ended.set_result(reason))
    try:
        while True:
            coming = asyncio.ensure_future(anext(results, None))
            try:
                await asyncio.wait((coming, ended), return_when=asyncio.FIRST_COMPLETED)
            finally:
                coming.cancel()  # does nothing to what has come
                await asyncio.gather(coming, return_exceptions=True)
            if ended.done():
                error = UnauthenticatedError(ended.result())
                yield ExecutionResult(data=None, errors=[graphql_error(error)])
                return
            if (result := coming.result()) is None:
                return
            yield result
    finally:
        gate.leave(context)
        await results.aclose()
