"""uvicorn's websocket protocol, with an end for clients that take nothing."""

import asyncio
from collections.abc import Sequence
from typing import Any, Final

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from ecoctrl_gql.http.connections import CONNECTION, STALLED, STALLED_REASON

LINGER_S: Final = 5.0


class BoundedWebSocketProtocol(WebSocketsSansIOProtocol):
    """
    Drops connections that are over.

    A closed transport first sends what it holds, for which it waits for ever if nobody takes it.
    """

    def handle_connect(self, event: Any) -> None:
        super().handle_connect(event)
        if not self.close_sent:
            scope: Any = self.scope  # its task has not begun yet
            scope[CONNECTION] = self

    def keepalive_timeout(self) -> None:
        super().keepalive_timeout()
        self._drop_soon()

    def on_task_complete(self, task: asyncio.Task[None]) -> None:
        super().on_task_complete(task)
        self._drop_soon()

    def end_stalled(self) -> None:
        """Close with 1013, whether the client takes notice or not."""
        if not self.close_sent and not self.transport.is_closing():
            self.close_sent = True
            self.conn.send_close(STALLED, STALLED_REASON)
            self.transport.write(b"".join(self.conn.data_to_send()))
            self.queue.put_nowait({"type": "websocket.disconnect", "code": STALLED, "reason": STALLED_REASON})
        self._drop_soon()

    def send_now(self, texts: Sequence[bytes]) -> bool:
        """Send text messages, if the client takes as much as is sent; nothing once the connection is over."""
        if not self.writable.is_set():
            return False
        if not self.close_sent and not self.transport.is_closing():
            self.transport.write(b"".join(map(_framed, texts)))
        return True

    async def ready(self) -> None:
        """Wait until something can be sent, or the connection is over."""
        await self.writable.wait()

    def _drop_soon(self) -> None:
        if not self.disconnected:
            self.loop.call_later(LINGER_S, self.transport.abort)


def _framed(text: bytes) -> bytes:
    """A text message in one frame, as servers send it: without a mask."""
    size = len(text)
    if size < 126:
        return bytes((0x81, size)) + text
    if size < 65_536:
        return b"\x81\x7e" + size.to_bytes(2) + text
    return b"\x81\x7f" + size.to_bytes(8) + text
