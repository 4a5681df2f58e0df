"""Who may hold a connection open, and for how long."""

from collections.abc import Callable
from typing import Any, Protocol

End = Callable[[int, str], None]
"""Ends a connection with a close code and a sentence."""


class RefusedError(Exception):
    """The connection is to be closed with this code."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class Gate(Protocol):
    """Decides who may hold websockets and event streams open."""

    async def admit(self, context: Any) -> None:
        """
        Look at the ``connection_params`` of a context when its websocket is opened.

        Raises:
            RefusedError: The socket is not let in.
        """
        ...

    async def renew(self, context: Any, payload: dict[str, Any]) -> None:
        """
        Look at the payload of a ping, by which a client may renew its token.

        Raises:
            RefusedError: It shows something that is not good.
        """
        ...

    def hold(self, context: Any, end: End) -> None:
        """Let an event stream stay open until ``end`` is called; its right was shown by its request."""
        ...

    def leave(self, context: Any) -> None:
        """The connection is closed."""
        ...
