"""When a workflow would have been started in the past, and by what."""

from collections.abc import AsyncIterator, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from heapq import merge
from typing import Any, Final

from ecoctrl_gql.auth.keys import Keys
from ecoctrl_gql.db.enums import TriggerType
from ecoctrl_gql.db.repositories.workflow_holds import Hold
from ecoctrl_gql.db.repositories.workflow_triggers import ArmedTrigger
from ecoctrl_gql.events.events import Event
from ecoctrl_gql.events.places import Cursors
from ecoctrl_gql.workflows.dry_runs.rehearsal import NOBODY, Stage
from ecoctrl_gql.workflows.dsl.kinds.triggers import ScheduleConfig
from ecoctrl_gql.workflows.expressions import recorded
from ecoctrl_gql.workflows.runs.starting import NewRun
from ecoctrl_gql.workflows.triggers.configs import schedule_of, triggers_of
from ecoctrl_gql.workflows.triggers.firing import Firing
from ecoctrl_gql.workflows.triggers.holding import Key
from ecoctrl_gql.workflows.triggers.scheduling import schedule_data
from ecoctrl_gql.workflows.triggers.watchers import TYPES, Watchers

PAGE: Final = 500
LONG_AGO: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Fire:
    """
    A start in the past.

    Attributes:
        at: When.
        type: What kind of trigger would have started it.
        data: What the run would have known as ``trigger``.
        node_id: The node at which it would have begun.
    """

    at: datetime
    type: TriggerType
    data: Mapping[str, Any]
    node_id: str | None

    @property
    def identity(self) -> tuple[datetime, str, str | None]:
        """By what the same start of another version is known."""
        return self.at, self.type.value, self.node_id


class MemoryHolds:
    """States that have to last, in the memory of a replay."""

    def __init__(self) -> None:
        self._holds: dict[Key, Hold] = {}

    async def of(self, pairs: Collection[Key]) -> list[Hold]:
        return [self._holds[pair] for pair in pairs if pair in self._holds]

    async def due(self, until: datetime, limit: int) -> list[Hold]:
        due = [hold for hold in self._holds.values() if hold.due_at is not None and hold.due_at <= until]
        return sorted(due, key=lambda hold: hold.due_at or until)[:limit]

    async def put(self, holds: Collection[Hold]) -> None:
        self._holds.update({(hold.trigger_id, hold.subject): hold for hold in holds})

    async def drop(self, pairs: Collection[Key]) -> None:
        for pair in pairs:
            self._holds.pop(pair, None)

    def next_due(self) -> datetime | None:
        """When the next state has lasted long enough."""
        return min((hold.due_at for hold in self._holds.values() if hold.due_at is not None), default=None)


async def fires_of(stage: Stage, keys: Keys, start: datetime, end: datetime) -> AsyncIterator[Fire]:
    """
    The starts of a workflow between two instants, in the order of time.

    Raises:
        UnarmableError: A trigger's config can't be filled.
    """
    environment = recorded(start, zone=stage.zone)
    wanted = triggers_of(stage.document, stage.settings, environment, stage.zone)
    armed = [
        ArmedTrigger(
            id=f"{index:032}",
            workflow_id=stage.workflow_id or NOBODY,
            version=1,
            path=trigger.path,
            type=trigger.type.value,
            config=trigger.config,
            node_id=trigger.node_id,
            next_at=None,
            armed_at=LONG_AGO,
        )
        for index, trigger in enumerate(wanted)
    ]
    scheduled = merge(
        *(
            _scheduled(trigger, stage, start, end)
            for trigger in armed
            if trigger.type == TriggerType.SCHEDULE
        ),
        key=lambda fire: fire.at,
    )
    waiting = next(scheduled, None)
    past = Past([each for each in armed if each.type in TYPES], stage, keys)
    async for happened in past.fires(start, end):
        while waiting is not None and waiting.at <= happened.at:
            yield waiting
            waiting = next(scheduled, None)
        yield happened
    while waiting is not None:
        yield waiting
        waiting = next(scheduled, None)


def _scheduled(trigger: ArmedTrigger, stage: Stage, start: datetime, end: datetime) -> Iterator[Fire]:
    schedule = schedule_of(ScheduleConfig.model_validate(trigger.config), stage.zone)
    for at in schedule.fires_between(start - timedelta(microseconds=1), end):
        yield Fire(at, TriggerType.SCHEDULE, schedule_data(schedule, at), trigger.node_id)


class Past:
    """
    Stored events, from which the same rules that fire live triggers make starts.

    Args:
        triggers: The triggers of events and of changed values.
        stage: The workflow and what it needs.
        keys: Open secrets that conditions name.
    """

    def __init__(self, triggers: list[ArmedTrigger], stage: Stage, keys: Keys) -> None:
        self._db = stage.db
        self._armed = {trigger.id: trigger for trigger in triggers}
        self._watchers = Watchers.of(triggers, None, keys)
        self._holds = MemoryHolds()
        self._started: list[NewRun] = []
        self._firing = Firing(
            self._keep, self._holds, self._begin, self._watchers, stage.zone, stage.settings
        )

    async def fires(self, start: datetime, end: datetime) -> AsyncIterator[Fire]:
        """The starts between two instants, in the order of time."""
        repos, after = self._db.repositories(), 0
        cursors, subjects = Cursors(await repos.events.history()), sorted(self._watchers.subjects)
        while page := await repos.events.of_time(start, end, after, PAGE, subjects):
            for stored in page:
                async for fire in self._lasted(stored.created_at):
                    yield fire
                await self._firing.events([Event(stored, cursors, b"")])
                for fire in self._taken(stored.created_at):
                    yield fire
            after = page[-1].id
        async for fire in self._lasted(end):
            yield fire

    async def _lasted(self, until: datetime) -> AsyncIterator[Fire]:
        while (due := self._holds.next_due()) is not None and due <= until:
            await self._firing.lasted(due)
            for fire in self._taken(due):
                yield fire

    async def _keep(self, ids: Collection[str]) -> Mapping[str, ArmedTrigger]:
        return {id_: self._armed[id_] for id_ in ids}

    async def _begin(self, run: NewRun) -> None:
        self._started.append(run)

    def _taken(self, at: datetime) -> list[Fire]:
        started, self._started = self._started, []
        return [Fire(at, run.trigger, run.data, run.start_node_id) for run in started]
