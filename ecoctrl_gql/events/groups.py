"""Those who follow the same with the same rights: what happens is matched and shaped once for all of them."""

import asyncio
from collections import deque
from collections.abc import Callable, Hashable, Sequence
from typing import Protocol

import structlog

from ecoctrl_gql.errors import EcoctrlError, UnavailableError
from ecoctrl_gql.events.events import Event, Interest
from ecoctrl_gql.events.outbox import Outbox
from ecoctrl_gql.events.places import Place

RETRY_AFTER_S = 0.25
MAX_WAITING_EVENTS = 50_000
MEMBERS_A_TURN = 100

log = structlog.stdlib.get_logger("ecoctrl.events")


class Shape(Protocol):
    """What an operation makes of events."""

    interest: Interest

    async def payloads(self, events: Sequence[Event]) -> list[bytes]:
        """
        The payload of each event, as it is sent to everybody.

        Raises:
            UnavailableError: The database is away.
        """
        ...


class Member:
    """
    One who follows. While it catches up, what comes is kept for it.

    Args:
        outbox: Where its payloads go.
        behind: Called with the place from which it has to read for itself, when its outbox is full.
    """

    def __init__(self, outbox: Outbox, behind: Callable[[Place], None]) -> None:
        self.outbox = outbox
        self._behind = behind
        self._kept: list[bytes] | None = []
        self.active = True

    def give(self, payloads: Sequence[bytes], before: Place) -> None:
        """Hand over what happened behind a place."""
        if self._kept is not None:
            self._kept += payloads
        elif self.outbox.is_full:
            self._behind(before)
        else:
            self.outbox.put(payloads)

    def go_live(self) -> None:
        """Hand over what was kept, and from now on at once what comes."""
        kept, self._kept = self._kept, None
        self.outbox.put(kept or ())


class Group:
    """
    What is on its way to those who follow the same; a slow shape holds up nobody but them.

    Attributes:
        followers: Who follows; those of them who have caught up, or are about to, have a member here.
    """

    def __init__(self, key: Hashable, shape: Shape) -> None:
        self.key = key
        self.shape = shape
        self.followers: set[Hashable] = set()
        self.members: set[Member] = set()
        self._waiting: deque[tuple[list[Event], Place, tuple[Member, ...]]] = deque()
        self._waiting_events = 0
        self._task: asyncio.Task[None] | None = None

    def push(self, events: Sequence[Event], before: Place) -> None:
        """Send those of the events behind a place that are of interest to those who are members now."""
        matching = self.shape.interest.of(events)
        if not matching or not self.members:
            return
        self._waiting.append((matching, before, tuple(self.members)))
        self._waiting_events += len(matching)
        if self._waiting_events > MAX_WAITING_EVENTS:
            self.fail(UnavailableError("Events come faster than they can be told; resume in a moment."))
        elif self._task is None:
            self._task = asyncio.create_task(self._drain())

    def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()

    def fail(self, error: EcoctrlError) -> None:
        """End everybody's following with an error."""
        self._waiting.clear()
        for member in tuple(self.members):
            member.active = False
            member.outbox.fail(error)
        self.members.clear()

    async def _drain(self) -> None:
        try:
            while self._waiting:
                events, before, members = self._waiting.popleft()
                self._waiting_events -= len(events)
                await self._give(await self._payloads(events), before, members)
        except Exception:
            log.exception("Events could not be shaped")
            self.fail(EcoctrlError("Internal error"))
        finally:
            self._task = None

    async def _payloads(self, events: list[Event]) -> list[bytes]:
        while True:
            try:
                return await self.shape.payloads(events)
            except UnavailableError:  # nobody is told of it: the database comes back, and the events with it
                await asyncio.sleep(RETRY_AFTER_S)

    async def _give(self, payloads: list[bytes], before: Place, members: tuple[Member, ...]) -> None:
        for index, member in enumerate(members):
            if member.active:
                member.give(payloads, before)
            if index % MEMBERS_A_TURN == MEMBERS_A_TURN - 1:
                await asyncio.sleep(0)  # let what was handed over get under way
