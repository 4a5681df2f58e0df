"""Streamed answers: server-sent events, as graphql-sse has them, and Apollo's multipart subscriptions."""

from strawberry.http.streaming import HTTPStreamTransport, MultipartSubscriptionTransport, SSETransport

from ecoctrl_gql.http.negotiation import EVENT_STREAM, wants_event_stream


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
