"""The server's own end of a connection, for what ASGI has no words for: see `server.server_options`."""

from typing import Any

from starlette.types import Scope

CONNECTION = "ecoctrl.connection"

STALLED = 1013
STALLED_REASON = "Too slow: come back and resume after the last cursor."


def connection_of(scope: Scope) -> Any:
    """The server's own end: a `BoundedWebSocketProtocol` or `BoundedHttpProtocol`; None on another server."""
    return scope.get(CONNECTION)


def end_stalled(scope: Scope) -> None:
    """End the connection of a request whose client takes nothing."""
    connection = connection_of(scope)
    if connection is not None:
        connection.end_stalled()
