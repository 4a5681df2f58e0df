"""What waits to be sent to one who follows events."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Protocol

from ecoctrl_gql.errors import EcoctrlError

MAX_BACKLOG_BYTES = 1_048_576
"""Whoever has more than this waiting is no longer sent what comes, but reads it later at its own pace."""

STALL_S = 30.0
"""How long one who takes nothing is waited for."""


class Outbox:
    """
    A bounded queue. One who lets it fill up is told no more until it is empty again.

    Args:
        stalled: Called when the client has taken nothing for too long.
    """

    def __init__(self, stalled: Callable[[], None]) -> None:
        self.stalled = stalled
        self.failure: EcoctrlError | None = None
        self._waiting: list[bytes] = []
        self._bytes = 0
        self._empty: asyncio.Event | None = None

    @property
    def is_full(self) -> bool:
        return self._bytes > MAX_BACKLOG_BYTES

    @property
    def is_empty(self) -> bool:
        """Whether all has been sent."""
        return not self._bytes

    def put(self, payloads: Sequence[bytes]) -> None:
        if payloads:
            self._waiting += payloads
            self._bytes += sum(map(len, payloads))
            self.wake()

    def fail(self, error: EcoctrlError) -> None:
        """End it with an error, behind all that waits."""
        self.failure = error
        self.wake()

    def wake(self) -> None:
        """There is something to send, or to end."""
        raise NotImplementedError

    def stop(self) -> None:
        """Send nothing more."""
        self._waiting.clear()

    def take(self) -> list[bytes]:
        """All that waits; until the next call it counts as not yet sent."""
        taken, self._waiting = self._waiting, []
        self._bytes = sum(map(len, taken))
        if not taken and self._empty is not None:
            self._empty.set()
            self._empty = None
        return taken

    async def drained(self) -> None:
        """
        Wait until all has been sent.

        Raises:
            TimeoutError: The client has taken nothing for too long.
        """
        if not self.is_empty:
            self._empty = self._empty or asyncio.Event()
            async with asyncio.timeout(STALL_S):
                await self._empty.wait()


class IteratedOutbox(Outbox):
    """An outbox that is asked for what waits: iterated, it gives all of it at a time."""

    def __init__(self, stalled: Callable[[], None]) -> None:
        super().__init__(stalled)
        self._changed = asyncio.Event()

    def wake(self) -> None:
        self._changed.set()

    async def __aiter__(self) -> AsyncIterator[list[bytes]]:
        while True:
            self._changed.clear()
            if taken := self.take():
                yield taken
            elif self.failure is not None:
                raise self.failure
            else:
                await self._changed.wait()


class Line(Protocol):
    """A connection that several things are sent over."""

    def send_now(self, texts: Sequence[bytes]) -> bool:
        """Send texts, if the client takes as much as is sent; whether it was done."""
        ...

    async def ready(self) -> None:
        """Wait until something can be sent, or the connection is over."""
        ...


class DirectOutbox(Outbox):
    """
    An outbox that sends by itself: at once where it can, so that no task has to wake for each message.

    Args:
        line: Where to.
        wrap: Makes the text of a payload.
        stalled: Called when the client has taken nothing for too long.
        failed: Called with the error that ends it, when all has been sent.
    """

    def __init__(
        self,
        line: Line,
        wrap: Callable[[bytes], bytes],
        stalled: Callable[[], None],
        failed: Callable[[EcoctrlError], None],
    ) -> None:
        super().__init__(stalled)
        self._line, self._wrap, self._failed = line, wrap, failed
        self._sending: asyncio.Task[None] | None = None

    def put(self, payloads: Sequence[bytes]) -> None:
        if not payloads or (self._sending is None and self._line.send_now(list(map(self._wrap, payloads)))):
            return
        super().put(payloads)

    def wake(self) -> None:
        if self._sending is None:
            self._sending = asyncio.create_task(self._send())

    def stop(self) -> None:
        super().stop()
        if self._sending is not None:
            self._sending.cancel()

    async def _send(self) -> None:
        while taken := list(map(self._wrap, self.take())):
            await self._line.ready()
            while not self._line.send_now(taken):
                await self._line.ready()
        self._sending = None
        if self.failure is not None:
            self._failed(self.failure)
