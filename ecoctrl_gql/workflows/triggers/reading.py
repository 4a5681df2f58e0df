"""
The reader that fires triggers for events, each event once, however often processes die.

Its place in the history is a row. Whoever holds that row reads a page of events, starts their runs and moves
the place, all in one transaction. Of several processes one reads; when it dies, another has the row.

States that have to last are looked at behind the events, up to the time at which these were read: a state
that ended while no server ran has ended, and one that had lasted long enough before it ended has.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final
from zoneinfo import ZoneInfo

import structlog

from ecoctrl_gql.auth.keys import Keys
from ecoctrl_gql.db.database import Database
from ecoctrl_gql.db.repositories import Repositories
from ecoctrl_gql.db.repositories.events import EventsSeen
from ecoctrl_gql.db.snapshots import NOTHING
from ecoctrl_gql.errors import BadInputError, TimedOutError, UnavailableError
from ecoctrl_gql.events.events import events_behind
from ecoctrl_gql.events.places import CursorExpiredError, Cursors, Place
from ecoctrl_gql.events.stream import OTHER_HISTORY, PAGE
from ecoctrl_gql.platform.clock import site_zone
from ecoctrl_gql.workflows.runs.starting import start_run
from ecoctrl_gql.workflows.triggers.clock import Clock
from ecoctrl_gql.workflows.triggers.firing import HOLDS_AT_ONCE, Firing
from ecoctrl_gql.workflows.triggers.loops import Alarm
from ecoctrl_gql.workflows.triggers.watchers import TYPES, Watchers

NAME: Final = "workflows"

LOOK_EVERY_S = 1.0
PAUSE_S, IDLE_PAUSE_S = 0.02, 0.2
"""How long events are gathered that come one by one: where they fire something, and where they don't."""

MAX_FAILURES = 5
"""How often an event is tried that makes the reader fail; then it is left out, so that others are read."""

log = structlog.stdlib.get_logger("ecoctrl.workflows")


@dataclass(frozen=True, slots=True)
class Outcome:
    """
    What one turn came to.

    Attributes:
        mine: Whether it was this process's turn.
        fired: How many triggers events concerned, or states fired.
        more: Whether there is more to read at once.
        next_due_s: In how many seconds a state has lasted long enough, as far as is known.
    """

    mine: bool
    fired: int = 0
    more: bool = False
    next_due_s: float = LOOK_EVERY_S


class EventReader:
    """
    Reads events and fires triggers.

    Args:
        db: The database.
        settings: The server's settings that conditions may name.
        keys: Open secrets that conditions name.
        clock: The time, for states that have to last.
        page: The most events that are dealt with in a transaction.
    """

    def __init__(
        self, db: Database, settings: Mapping[str, str], keys: Keys, clock: Clock, page: int = PAGE
    ) -> None:
        self.woken = Alarm()
        self._db, self._settings, self._keys, self._clock = db, settings, keys, clock
        self._watchers = Watchers()
        self._page = self._limit = page
        self._failures = 0

    async def begin(self) -> None:
        """See that the reader has a place: behind all that was committed before, if it had none."""
        async with self._db.transaction() as repos:
            cursors, here = Cursors(await repos.events.history()), await _now(repos)
            await repos.event_readers.begin(NAME, _cursor(cursors, here))

    async def run(self) -> None:
        """Read what is new, then wait until there may be more."""
        outcome = await self.turn()
        if not (outcome.mine and self._watchers.by_id):
            await asyncio.sleep(LOOK_EVERY_S)  # another process reads, or nobody cares
        elif not outcome.more:
            pause_s = PAUSE_S if outcome.fired else IDLE_PAUSE_S
            await asyncio.sleep(min(pause_s, outcome.next_due_s))
            await self.woken.wait(min(LOOK_EVERY_S, max(0.001, outcome.next_due_s - pause_s)))

    async def turn(self) -> Outcome:
        """Deal with one page of events, and with states that have lasted if it was the last."""
        skipping = self._failures >= MAX_FAILURES
        try:
            async with self._db.transaction() as repos:
                outcome = await self._take(repos, skipping=skipping)
        except (UnavailableError, TimedOutError):
            raise
        except Exception:
            self._failures += self._limit == 1
            self._limit = 1  # so that the event which it is about is found
            raise
        if outcome.mine:
            self._failures = 0
            self._limit = min(self._limit * 2, self._page)
        return outcome

    async def _take(self, repos: Repositories, *, skipping: bool) -> Outcome:
        turn = await repos.event_readers.take(NAME)
        if turn is None:
            return Outcome(mine=False)
        cursors = Cursors(await repos.events.history())
        try:
            place = cursors.decode(turn.cursor)
            found = await self._read(repos, place)
        except (BadInputError, CursorExpiredError) as error:
            log.warning("Events were missed; workflows go on from now.", reason=str(error))
            place = await _now(repos)
            found = await self._read(repos, place)
        here = Place(place.seen, found.snapshot if place.settled else place.batch)
        full = len(found.events) == self._limit
        behind = Place(here.seen, here.batch, found.events[-1].id) if full else Place.behind(here.batch)
        firing = Firing(
            repos.workflow_triggers.keep,
            repos.workflow_holds,
            partial(start_run, repos),
            self._watchers,
            await self._zone(repos, found),
            self._settings,
        )
        if skipping:
            log.error("An event is left out.", events=[event.id for event in found.events])
            fired = 0
        else:
            fired = await firing.events(events_behind(here, found.events, cursors))
        cursor = _cursor(cursors, behind)
        if cursor != turn.cursor:
            await repos.event_readers.move(NAME, cursor)
        if full or not place.settled:
            return Outcome(mine=True, fired=fired, more=True)
        return await self._after(repos, firing, fired, self._clock.or_given(turn.now))

    async def _after(self, repos: Repositories, firing: Firing, fired: int, now: datetime) -> Outcome:
        """Behind all events: fire for states that have lasted, and see when the next one has."""
        if not any(watcher.hold_ms for watcher in self._watchers.by_id.values()):
            return Outcome(mine=True, fired=fired)
        lasted = await firing.lasted(now)
        next_due = await repos.workflow_holds.next_due()
        left_s = LOOK_EVERY_S if next_due is None else max(0.0, (next_due - now).total_seconds())
        return Outcome(
            mine=True,
            fired=fired + lasted,
            more=lasted == HOLDS_AT_ONCE,
            next_due_s=min(LOOK_EVERY_S, left_s),
        )

    async def _read(self, repos: Repositories, place: Place) -> EventsSeen:
        """
        The next page behind a place of what may concern an armed trigger.

        Which triggers are armed is asked after the page was read: one that was armed before an event is
        known then, and if it is new, the page is read again.

        Raises:
            CursorExpiredError: Some events have been removed, or belong to another history.
        """
        until = None if place.settled else place.batch
        while True:
            found = await repos.events.between(
                place.seen, until, place.after, self._limit, self._watchers.subjects
            )
            place.check(found)
            if not found.snapshot.covers(place.batch):
                raise CursorExpiredError(OTHER_HISTORY)
            fingerprint = await repos.workflow_triggers.fingerprint(*TYPES)
            if fingerprint == self._watchers.fingerprint:
                return found
            armed = await repos.workflow_triggers.of_types(*TYPES)
            self._watchers = Watchers.of(armed, fingerprint, self._keys)

    async def _zone(self, repos: Repositories, found: EventsSeen) -> ZoneInfo:
        """The site's time zone, read where a condition may ask for it."""
        holds = any(watcher.hold_ms for watcher in self._watchers.by_id.values())
        return await site_zone(repos) if found.events or holds else ZoneInfo("UTC")


async def _now(repos: Repositories) -> Place:
    """The place behind all that is committed."""
    return Place.behind((await repos.events.between(NOTHING, NOTHING, 0, 0)).snapshot)


def _cursor(cursors: Cursors, place: Place) -> str:
    return cursors.encode(cursors.prefix(place), place.after)
