"""
The stream of events: one reader a process, which whoever follows shares.

What is read. Writers' triggers store events in the transactions that cause them. The order of keys is not
the order of commits, and no column knows that. So a poll asks for what its own snapshot sees and the last
one did not. Each committed event appears between exactly two of the snapshots that follow one another, hence
it is read once, however long the transactions around it take.

In which order. A batch is what one poll finds, in the order of keys. If a transaction committed before
another wrote something, that has a greater key than what the first one wrote, for keys are drawn at writing;
and it is in no earlier batch, for a snapshot that sees the second transaction sees the first. So no effect
comes before its cause, and what one writer did comes in the order in which it was done.

When. A notification wakes the reader; a timer stands behind it, for notifications may be lost. Nothing is
lost with them, nor with a connection or a restart of the database: the reader goes on from its last snapshot.
"""

import asyncio
from collections.abc import Callable, Hashable
from contextlib import suppress
from datetime import timedelta

import structlog

from ecoctrl_gql.db.database import Database
from ecoctrl_gql.db.listening import listen
from ecoctrl_gql.db.publishing import CHANNEL
from ecoctrl_gql.db.repositories.events import EventRepository, EventsSeen
from ecoctrl_gql.db.snapshots import NOTHING
from ecoctrl_gql.errors import EcoctrlError, UnavailableError
from ecoctrl_gql.events.events import Event, events_behind
from ecoctrl_gql.events.groups import Group, Shape
from ecoctrl_gql.events.places import CursorExpiredError, Cursors, Place
from ecoctrl_gql.tasks import end

POLL_S = 1.0
PAGE = 500
RETRY_AFTER_S = 0.25

AWAY = "The database can't be reached just now. Try again in a moment."
OTHER_HISTORY = "The database was restored or replaced; read the lists anew and begin without a cursor."

log = structlog.stdlib.get_logger("ecoctrl.events")


class EventStream:
    """Reads events and hands them to groups; `start` it before, `stop` it after use."""

    def __init__(self, database: Database, retention: timedelta) -> None:
        self.retention = retention
        self._db = database
        self._cursors = Cursors("")
        self._groups: dict[Hashable, Group] = {}
        self._place: Place | None = None
        self._known = False
        self._wake = asyncio.Event()
        self._waiting: list[asyncio.Future[None]] = []
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        self._tasks = [
            asyncio.create_task(listen(self._db.conninfo, CHANNEL, self._wake.set)),
            asyncio.create_task(self._run()),
        ]

    async def stop(self) -> None:
        for group in self._groups.values():
            group.stop()
        await end(*self._tasks)

    async def now(self) -> Place:
        """
        The place where the stream stands, behind all that was committed before the call.

        It is there still when the call returns, and until the caller awaits something else.

        Raises:
            UnavailableError: The database is away.
        """
        while True:
            polled: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiting.append(polled)
            self._wake.set()
            await polled
            if self._place is not None and self._place.settled:  # else it has gone on already
                return self._place

    @property
    def repository(self) -> EventRepository:
        return self._db.repositories().events

    @property
    def cursors(self) -> Cursors:
        """The cursors of this database; known once the place is."""
        if not self._known:
            raise UnavailableError(AWAY)
        return self._cursors

    def group(self, key: Hashable, make_shape: Callable[[], Shape]) -> Group:
        """The group of those who follow the same with the same rights."""
        if key not in self._groups:
            self._groups[key] = Group(key, make_shape())
        return self._groups[key]

    def leave(self, group: Group) -> None:
        """Forget a group that nobody follows any more."""
        if not group.followers and self._groups.get(group.key) is group:
            group.stop()
            del self._groups[group.key]

    def stands_at(self, place: Place) -> bool:
        return self._place == place

    async def read(self, place: Place, until: Place) -> tuple[list[Event], Place]:
        """
        The next events behind a place, up to another that is settled, and the place behind them.

        Raises:
            CursorExpiredError: Some of them have been removed.
            UnavailableError: The database is away.
        """
        target = until.batch if place.settled else place.batch
        seen = place.batch if place.settled else place.seen
        after = 0 if place.settled else place.after
        found = await self.repository.between(seen, target, after, PAGE)
        place.check(found)
        behind = _behind(Place(seen, target), found)
        return events_behind(Place(seen, target), found.events, self.cursors), behind

    async def _run(self) -> None:
        failed = False
        while True:
            try:
                await self._follow()
                failed = False
            except CursorExpiredError as error:
                self._restart(error)
            except Exception as error:
                if not failed:
                    log.warning("Events are not read until the database is back", exc_info=error)
                failed = True
                self._answer(UnavailableError(AWAY))
                self._known = False  # who knows which database comes back
                await asyncio.sleep(RETRY_AFTER_S)

    async def _follow(self) -> None:
        """Read what is new, then wait until there may be more."""
        self._wake.clear()
        if self._groups or self._waiting:
            asked, self._waiting = self._waiting, []
            try:
                await self._poll()
            except BaseException:
                self._waiting += asked
                raise
            for polled in asked:
                if not polled.done():
                    polled.set_result(None)
        else:
            self._place = None  # nobody follows: whoever comes next begins anew
        with suppress(TimeoutError):
            async with asyncio.timeout(POLL_S if self._groups else None):
                await self._wake.wait()

    async def _poll(self) -> None:
        if not self._known:
            await self._recognize()
        if self._place is None:
            found = await self.repository.between(NOTHING, NOTHING, 0, 0)
            self._place = Place.behind(found.snapshot)
        place = await self._page(self._place)
        while not place.settled:
            place = await self._page(place)

    async def _recognize(self) -> None:
        """See whether the database is still the one that was read before."""
        cursors = Cursors(await self.repository.history())
        changed = self._place is not None and cursors != self._cursors
        self._known, self._cursors = True, cursors
        if changed:
            raise CursorExpiredError(OTHER_HISTORY)

    async def _page(self, before: Place) -> Place:
        """Read a page and send it on; the place behind it."""
        seen, batch = before.seen, None if before.settled else before.batch
        found = await self.repository.between(seen, batch, before.after, PAGE)
        before.check(found)
        if not found.snapshot.covers(before.batch):
            raise CursorExpiredError(OTHER_HISTORY)
        here = Place(seen, batch or found.snapshot)
        events = events_behind(here, found.events, self._cursors)
        self._place = behind = _behind(here, found)
        for group in tuple(self._groups.values()):
            group.push(events, before)
        return behind

    def _answer(self, error: EcoctrlError) -> None:
        asked, self._waiting = self._waiting, []
        for polled in asked:
            if not polled.done():
                polled.set_exception(error)

    def _restart(self, error: EcoctrlError) -> None:
        """Tell everybody that what they followed has ended, and begin anew with those who come next."""
        for group in self._groups.values():
            group.stop()
            group.fail(error)
        self._groups.clear()
        self._answer(error)
        self._place = None
        self._known = False


def _behind(here: Place, found: EventsSeen) -> Place:
    """The place behind a page of a batch: its last event if the batch may go on, else the batch."""
    if len(found.events) == PAGE:
        return Place(here.seen, here.batch, found.events[-1].id)
    return Place.behind(here.batch)
