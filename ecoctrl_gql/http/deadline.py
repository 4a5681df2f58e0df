"""
The time that a request may take.

``asyncio.timeout`` sets a timer of its own for each request and moves it twice. Requests that may take
equally long end in the order in which they began, so one timer for the oldest serves them all.
"""

import asyncio
from types import TracebackType
from typing import Any, Self


class Deadlines:
    """The deadlines of requests that may all take the same time."""

    def __init__(self, timeout_s: float) -> None:
        self._timeout_s = timeout_s
        self._running: dict[Deadline, None] = {}
        self._is_watched = False

    def start(self) -> "Deadline":
        """The deadline of the task that calls, for ``with``; it ends in `TimeoutError` once time is over."""
        loop = asyncio.get_running_loop()
        return Deadline(self, loop.time() + self._timeout_s, asyncio.current_task(loop))

    def add(self, deadline: "Deadline") -> None:
        self._running[deadline] = None
        if not self._is_watched:
            self._is_watched = True
            asyncio.get_running_loop().call_at(deadline.at, self._end_late)

    def remove(self, deadline: "Deadline") -> None:
        self._running.pop(deadline, None)

    def _end_late(self) -> None:
        loop = asyncio.get_running_loop()
        for deadline in list(self._running):
            if deadline.at > loop.time():
                loop.call_at(deadline.at, self._end_late)
                return
            self.remove(deadline)
            deadline.pass_by()
        self._is_watched = False


class Deadline:
    """
    When a task is cancelled, as long as the block runs.

    Attributes:
        at: The time of the event loop.
        passed: Whether it is over.
    """

    __slots__ = ("_cancelling", "_deadlines", "_task", "at", "passed")

    def __init__(self, deadlines: Deadlines, at: float, task: asyncio.Task[Any] | None) -> None:
        self.at, self.passed = at, False
        self._deadlines, self._task = deadlines, task
        self._cancelling = 0

    def lift(self) -> None:
        """Let the task take as long as it likes from here on."""
        self._deadlines.remove(self)

    def pass_by(self) -> None:
        if self._task is not None:
            self.passed = True
            self._task.cancel()

    def __enter__(self) -> Self:
        if self._task is not None:
            self._cancelling = self._task.cancelling()
        self._deadlines.add(self)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.lift()
        # As in asyncio.timeout: whoever else has cancelled the task meanwhile has his way.
        if (
            self.passed
            and self._task is not None
            and self._task.uncancel() <= self._cancelling
            and kind is asyncio.CancelledError
        ):
            raise TimeoutError from error
