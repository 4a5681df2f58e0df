"""One who follows events: catches up by reads of its own, then shares the stream."""

import asyncio

import structlog

from ecoctrl_gql.db.snapshots import NOTHING
from ecoctrl_gql.errors import EcoctrlError, TimedOutError, UnavailableError
from ecoctrl_gql.events.groups import Group, Member
from ecoctrl_gql.events.outbox import Outbox
from ecoctrl_gql.events.places import Place
from ecoctrl_gql.events.stream import EventStream

RETRY_AFTER_S = 0.25

log = structlog.stdlib.get_logger("ecoctrl.events")


class Following:
    """
    Puts the payloads of a group's events into an outbox, each once, from a place on.

    Args:
        stream: Where events come from.
        group: What is followed.
        outbox: Where payloads go.
    """

    def __init__(self, stream: EventStream, group: Group, outbox: Outbox) -> None:
        self._stream, self._group, self._outbox = stream, group, outbox
        self._place = Place.behind(NOTHING)
        self._member: Member | None = None
        group.followers.add(self)
        self._task: asyncio.Task[None] | None = None

    def begin(self, place: Place) -> None:
        """Follow from a place on."""
        if self._stream.stands_at(place):
            self._enter().go_live()
        else:
            self._task = asyncio.create_task(self._catch_up(place))

    def end(self) -> None:
        """Follow no longer."""
        if self._task is not None:
            self._task.cancel()
        self._quit()
        self._group.followers.discard(self)
        self._stream.leave(self._group)

    def _enter(self) -> Member:
        self._member = Member(self._outbox, self._fall_behind)
        self._group.members.add(self._member)
        return self._member

    def _quit(self) -> None:
        if self._member is not None:
            self._member.active = False
            self._group.members.discard(self._member)
            self._member = None

    def _fall_behind(self, place: Place) -> None:
        self._quit()
        self.begin(place)

    async def _catch_up(self, place: Place) -> None:
        try:
            while not await self._reached_the_stream(place):
                place = self._place
        except EcoctrlError as error:
            self._quit()
            self._outbox.fail(error)
        except TimeoutError:
            self._quit()
            self._outbox.stalled()
        except Exception:
            log.exception("Events could not be read")
            self._quit()
            self._outbox.fail(EcoctrlError("Internal error"))

    async def _reached_the_stream(self, place: Place) -> bool:
        """Go on for a page; whether that has led to where the stream stands."""
        await self._outbox.drained()
        try:
            until = await self._stream.now()
            # From here on what comes is kept, until it is known whether one page leads up to it.
            member = self._enter()
            events, behind = await self._stream.read(place, until)
            payloads = await self._group.shape.payloads(self._group.shape.interest.of(events))
        except (UnavailableError, TimedOutError):
            self._quit()
            self._place = place
            await asyncio.sleep(RETRY_AFTER_S)
            return False
        self._place = behind
        self._outbox.put(payloads)
        if behind != until:
            self._quit()
            return False
        member.go_live()
        return True
