"""What events come to: runs that they start, and states that begin, go on and end."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

import orjson
import structlog

from ecoctrl_gql.db.enums import TriggerType
from ecoctrl_gql.db.repositories.events import EventRecord
from ecoctrl_gql.db.repositories.workflow_holds import Hold
from ecoctrl_gql.db.repositories.workflow_triggers import ArmedTrigger
from ecoctrl_gql.errors import BadInputError, NotFoundError
from ecoctrl_gql.events.events import Event
from ecoctrl_gql.workflows.runs.starting import NewRun
from ecoctrl_gql.workflows.triggers.event_names import RUNS, event_name, payload_of
from ecoctrl_gql.workflows.triggers.holding import Holds, HoldStore, Key
from ecoctrl_gql.workflows.triggers.scheduling import dedup_key
from ecoctrl_gql.workflows.triggers.watchers import Watcher, Watchers

MAX_CHAIN = 5
"""How many runs may lead to one another, each by an event that the one before caused."""

CHAIN = "chain"
"""Where a run's data say how many runs led to it."""

HOLDS_AT_ONCE = 500

log = structlog.stdlib.get_logger("ecoctrl.workflows")


@dataclass(frozen=True, slots=True)
class Firing:
    """
    Fires triggers, on behalf of whoever reads the events: in one transaction, or in a replay of the past.

    Attributes:
        keep: Gives those among some triggers that are armed, and keeps them so.
        store: Where states are kept that have to last.
        start: Starts a run.
        watchers: The armed triggers.
        zone: Where conditions show dates.
        settings: The server's settings that conditions may name.
    """

    keep: Callable[[Collection[str]], Awaitable[Mapping[str, ArmedTrigger]]]
    store: HoldStore
    start: Callable[[NewRun], Awaitable[object]]
    watchers: Watchers
    zone: ZoneInfo
    settings: Mapping[str, str]

    async def events(self, events: Sequence[Event]) -> int:
        """Fire what some events fire, in their order; gives how many triggers they concern."""
        hits = [(event, watcher) for event in events for watcher in self.watchers.concerned(event.stored)]
        if not hits:
            return 0
        armed = await self.keep({watcher.trigger.id for _, watcher in hits})
        hits = [(event, watcher) for event, watcher in hits if watcher.trigger.id in armed]
        held = {_key(watcher, event.stored) for event, watcher in hits if watcher.hold_ms}
        holds = await Holds.of(self.store, held)
        for event, watcher in hits:
            trigger = armed[watcher.trigger.id]
            if watcher.pattern is not None:
                await self._happened(watcher, trigger, event)
            elif watcher.hold_ms:
                await self._changed_for_a_while(watcher, trigger, event, holds)
            else:
                await self._changed(watcher, trigger, event)
        await holds.store(self.store)
        return len(hits)

    async def lasted(self, until: datetime) -> int:
        """
        Fire the triggers whose states had lasted long enough at an instant, up to which all is known.

        Returns:
            How many there were; there may be more where it is `HOLDS_AT_ONCE`.
        """
        due = await self.store.due(until, HOLDS_AT_ONCE)
        if not due:
            return 0
        armed = await self.keep({hold.trigger_id for hold in due})
        holds = Holds(due)
        for hold in due:
            key = hold.trigger_id, hold.subject
            watcher, trigger = self.watchers.by_id.get(hold.trigger_id), armed.get(hold.trigger_id)
            if watcher is None or trigger is None:
                holds.end(key)
            else:
                await self._fire_hold(watcher, trigger, hold, holds)
        await holds.store(self.store)
        return len(due)

    async def _happened(self, watcher: Watcher, trigger: ArmedTrigger, event: Event) -> None:
        stored = event.stored
        name = event_name(stored.subject, stored.change)
        payload = payload_of(stored.subject, stored.data)
        if stored.subject == RUNS and payload["workflowId"] == trigger.workflow_id:
            return  # it would go on for ever
        data = payload | {
            "event": name,
            "happenedAt": stored.created_at.isoformat(),
            "cursor": event.cursor,
            "source": "event",
            **_chain(stored),
        }
        if self._holds(watcher, data, stored.created_at):
            await self._start(trigger, data, dedup_key("event", trigger.path, str(stored.id)))

    async def _changed(self, watcher: Watcher, trigger: ArmedTrigger, event: Event) -> None:
        data = change_data(event)
        if self._holds(watcher, data, event.stored.created_at):
            await self._start(trigger, data, dedup_key("change", trigger.path, str(event.stored.id)))

    async def _changed_for_a_while(
        self, watcher: Watcher, trigger: ArmedTrigger, event: Event, holds: Holds
    ) -> None:
        key, at, data = _key(watcher, event.stored), event.stored.created_at, change_data(event)
        lasted = holds.due(key, at)  # before this change, while nobody looked
        if lasted is not None:
            await self._fire_hold(watcher, trigger, lasted, holds)
        if watcher.condition is None:
            holds.begin(key, data, at, watcher.hold_ms)
        elif self._holds(watcher, data, at):
            holds.go_on(key, data, at, watcher.hold_ms)
        else:
            holds.end(key)

    async def _fire_hold(self, watcher: Watcher, trigger: ArmedTrigger, hold: Hold, holds: Holds) -> None:
        key = hold.trigger_id, hold.subject
        if not self._holds(watcher, hold.trigger_data, hold.due_at or hold.since):
            holds.end(key)  # a condition that asks for the time may have ended without a change
            return
        since = hold.since.isoformat()
        told = sha256(f"{hold.subject} {since}".encode()).hexdigest()
        data = hold.trigger_data | {"since": since}
        await self._start(trigger, data, dedup_key("lasted", trigger.path, told))
        holds.fired(key, again=watcher.condition is None)

    def _holds(self, watcher: Watcher, data: Mapping[str, Any], at: datetime) -> bool:
        return watcher.holds(data, at, self.zone, self.settings)

    async def _start(self, trigger: ArmedTrigger, data: dict[str, Any], key: str) -> None:
        if data.get(CHAIN, 0) > MAX_CHAIN:
            log.warning("A workflow is not started by what workflows did.", workflow_id=trigger.workflow_id)
            return
        run = NewRun(
            workflow_id=trigger.workflow_id,
            version=trigger.version,
            trigger=TriggerType(trigger.type),
            data=data,
            start_node_id=trigger.node_id,
            dedup_key=key,
        )
        try:
            await self.start(run)
        except (NotFoundError, BadInputError) as error:
            log.warning("An event starts no run.", workflow_id=trigger.workflow_id, reason=str(error))


def change_data(event: Event) -> dict[str, Any]:
    """What a run is started with that the change of a value starts."""
    return dict(event.stored.data) | {
        "changedAt": event.stored.created_at.isoformat(),
        "cursor": event.cursor,
        "source": "state_change",
        **_chain(event.stored),
    }


def _key(watcher: Watcher, event: EventRecord) -> Key:
    return watcher.trigger.id, subject_of(event.data["objectUuid"], event.data["pointId"], event.data["key"])


def subject_of(*parts: str) -> str:
    """The text for a value: its object, its point and its key."""
    return orjson.dumps(parts).decode()


def _chain(event: EventRecord) -> dict[str, int]:
    """How many runs led to an event, for what is started with it; nothing where none did."""
    if event.subject != RUNS:
        return {} if event.chain is None else {CHAIN: event.chain}
    data = event.data.get("trigger_data")
    started = isinstance(data, dict) and data.get("source") in ("event", "state_change")
    before = data.get(CHAIN) if isinstance(data, dict) and started else None
    return {CHAIN: before + 1 if isinstance(before, int) else 1}
