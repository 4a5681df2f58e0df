"""
The clock that starts workflows.

Each schedule's next instant stands in its row. Whoever finds that it has come locks the row, starts the runs
and writes the instant after, in one transaction: a fire is neither lost nor doubled, whichever process dies
when. The instant after is worked out from the calendar, not from when the fire was seen, so nothing drifts.
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

import structlog

from ecoctrl_gql.db.database import Database
from ecoctrl_gql.db.enums import TriggerType
from ecoctrl_gql.db.repositories import Repositories
from ecoctrl_gql.db.repositories.workflow_triggers import ArmedTrigger
from ecoctrl_gql.errors import UnavailableError
from ecoctrl_gql.platform.clock import site_zone
from ecoctrl_gql.workflows.dsl.kinds.triggers import ScheduleConfig
from ecoctrl_gql.workflows.runs.starting import NewRun, start_run
from ecoctrl_gql.workflows.triggers.clock import Clock
from ecoctrl_gql.workflows.triggers.configs import schedule_of
from ecoctrl_gql.workflows.triggers.schedules import CatchUp, Schedule

LOOK_EVERY_S = 1.0
AT_ONCE = 200
LOCKED_S = 0.1
"""How long a schedule that another process deals with is left to it."""

RETRY_AFTER = timedelta(seconds=30)
"""When a schedule is tried again that could not be fired."""

LATE = timedelta(minutes=1)
"""A fire that is late by no more was not missed."""

_SHORTEST = timedelta(microseconds=1)

log = structlog.stdlib.get_logger("ecoctrl.workflows")


@dataclass(frozen=True, slots=True)
class Fires:
    """The instants to start runs for, and when the schedule fires next; None where the calendar ends."""

    instants: list[datetime]
    next_at: datetime | None


class Scheduling:
    """Fires schedules."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db, self._clock = db, clock
        self._failed: dict[str, datetime] = {}

    async def run(self) -> None:
        """Fire what is due, then wait for what comes next."""
        fired, due = await self.look()
        if not due:
            await asyncio.sleep(await self._left_s())
        elif not fired:
            await asyncio.sleep(LOCKED_S)

    async def look(self) -> tuple[int, int]:
        """Fire what is due; gives how many schedules were fired here, and how many were due."""
        repos = self._db.repositories()
        now = await self._clock.now(repos)
        self._failed = {key: until for key, until in self._failed.items() if until > now}
        due = await repos.workflow_triggers.due(now, list(self._failed), AT_ONCE)
        zone = await site_zone(repos) if due else ZoneInfo("UTC")
        fired = 0
        for key in due:
            fired += await self._fire(key, now, zone)
        return fired, len(due)

    async def _left_s(self) -> float:
        repos = self._db.repositories()
        next_at = await repos.workflow_triggers.next_fire(list(self._failed))
        if next_at is None:
            return LOOK_EVERY_S
        left_s = (next_at - await self._clock.now(repos)).total_seconds()
        return min(LOOK_EVERY_S, max(0.001, left_s))

    async def _fire(self, key: str, now: datetime, zone: ZoneInfo) -> bool:
        """Fire a schedule; False where another process does, or it can't be done just now."""
        try:
            async with self._db.transaction() as repos:
                trigger = await repos.workflow_triggers.claim(key, now)
                if trigger is not None:
                    await _start_runs(repos, trigger, now, zone)
        except UnavailableError:
            raise
        except Exception:
            log.exception("A schedule could not be fired; it is tried again.", trigger_id=key)
            self._failed[key] = now + RETRY_AFTER
            return False
        return trigger is not None


async def _start_runs(repos: Repositories, trigger: ArmedTrigger, now: datetime, zone: ZoneInfo) -> None:
    config = ScheduleConfig.model_validate(trigger.config)
    schedule = schedule_of(config, zone)
    fires = fires_due(schedule, CatchUp(config.catch_up or CatchUp.SKIP), trigger.next_at or now, now)
    for instant in fires.instants:
        await start_run(repos, _run(trigger, schedule, instant))
    await repos.workflow_triggers.set_next(trigger.id, fires.next_at, now if fires.instants else None)


def _run(trigger: ArmedTrigger, schedule: Schedule, instant: datetime) -> NewRun:
    return NewRun(
        workflow_id=trigger.workflow_id,
        version=trigger.version,
        trigger=TriggerType.SCHEDULE,
        data=schedule_data(schedule, instant),
        start_node_id=trigger.node_id,
        dedup_key=dedup_key("schedule", trigger.path, instant.isoformat()),
    )


def schedule_data(schedule: Schedule, instant: datetime) -> dict[str, Any]:
    """What a run is started with that a schedule starts."""
    return {"source": "schedule", "scheduledAt": instant.isoformat(), "timezone": schedule.zone.key}


def fires_due(schedule: Schedule, policy: CatchUp, due_at: datetime, now: datetime) -> Fires:
    """
    What a schedule has to fire whose time came at an instant.

    Args:
        schedule: The schedule.
        policy: What becomes of those that were missed: that are late by more than a minute.
        due_at: The first instant that has not been dealt with.
        now: The present.

    Returns:
        The instants in their order. Where one is not late, `CatchUp.ONCE` makes up for nothing besides it.
    """
    begin, last = due_at - _SHORTEST, now - LATE
    missed = schedule.missed(policy, begin, last - _SHORTEST) if last > begin else []
    in_time = list(schedule.fires_between(max(begin, last - _SHORTEST), now))
    if policy is CatchUp.ONCE and in_time:
        missed = []
    return Fires([*missed, *in_time], next(iter(schedule.next_runs(1, now)), None))


def dedup_key(kind: str, path: str, what: str) -> str:
    """What a run was started by; its length is bounded although that of a path is not."""
    told = path if len(path) <= 100 else sha256(path.encode()).hexdigest()
    return f"{kind}:{told}:{what}"
