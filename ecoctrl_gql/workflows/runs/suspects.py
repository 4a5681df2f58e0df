"""
Runs that were in a worker when it died, again and again.

One of them may kill workers; the others were only there. So a worker has one of them at a time, until it has
taken a step: then whoever is there when the worker dies is to blame.
"""

import asyncio
from types import TracebackType

FROM_STALLS = 2
"""How many workers in a row have died over a run that is looked at alone."""


class Suspects:
    """The place for one suspect in a worker."""

    def __init__(self) -> None:
        self._place = asyncio.Lock()

    def turn(self, stalls: int) -> "Turn":
        """The turn of a run over which so many workers have died in a row."""
        return Turn(self._place if stalls >= FROM_STALLS else None)


class Turn:
    """Holds the place, if the run needs it, until the block ends or the run has taken a step."""

    def __init__(self, place: asyncio.Lock | None) -> None:
        self._place, self._has = place, False

    async def __aenter__(self) -> "Turn":
        if self._place is not None:
            await self._place.acquire()
            self._has = True
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.leave()

    def leave(self) -> None:
        """Let the next one in; nothing where that was done already."""
        if self._has and self._place is not None:
            self._has = False
            self._place.release()
