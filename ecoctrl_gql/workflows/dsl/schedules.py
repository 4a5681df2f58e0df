"""The schedules of a workflow's document."""

from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from heapq import merge
from itertools import groupby, islice
from typing import Any, Final

from ecoctrl_gql.workflows.dsl.kinds.cron_trigger import CRON_TRIGGER
from ecoctrl_gql.workflows.dsl.kinds.triggers import SCHEDULE
from ecoctrl_gql.workflows.triggers.cron import CronError
from ecoctrl_gql.workflows.triggers.schedules import DEFAULT_TIME_ZONE, Schedule, UnknownTimeZoneError

MAX_SCHEDULES: Final = 100
"""How many of a document's schedules are looked at."""


def schedules_of(dsl: Any, default_zone: str = DEFAULT_TIME_ZONE) -> list[Schedule]:
    """
    The schedules of a document, the one at its top first; those that can't be used are left out.

    Only the triggers are read, so that lists of workflows are shown fast.
    """
    schedules = (_schedule(config, default_zone) for config in _configs(dsl))
    return [schedule for schedule in islice(schedules, MAX_SCHEDULES) if schedule]


def needs_default_zone(dsl: Any) -> bool:
    """Whether some schedule of a document leaves its time zone to the platform."""
    return any(not config.get("timezone") for config in _configs(dsl))


def next_runs(schedules: list[Schedule], n: int, after: datetime) -> list[datetime]:
    """The next instants, in UTC, at which any of some schedules fires, each once."""
    fires = merge(*(schedule.fires_after(after) for schedule in schedules))
    return list(islice((fire for fire, _ in groupby(fires)), n))


def _configs(dsl: Any) -> Iterator[dict[str, Any]]:
    if not isinstance(dsl, dict):
        return
    nodes = dsl.get("nodes")
    if _is_of(dsl.get("trigger"), (SCHEDULE.name,)):
        yield dsl["trigger"]["config"]
    for node in nodes if isinstance(nodes, list) else ():
        if _is_of(node, CRON_TRIGGER.spellings):
            yield node["config"]


def _is_of(part: Any, types: tuple[str, ...]) -> bool:
    return isinstance(part, dict) and part.get("type") in types and isinstance(part.get("config"), dict)


def _schedule(config: dict[str, Any], default_zone: str) -> Schedule | None:
    cron, zone = config.get("cron"), config.get("timezone")
    if not isinstance(cron, str) or not isinstance(zone, str | None):
        return None
    return _known_schedule(cron, zone or default_zone)


@lru_cache(maxsize=1024)
def _known_schedule(cron: str, zone: str) -> Schedule | None:
    try:
        return Schedule.of(cron, zone)
    except (CronError, UnknownTimeZoneError):
        return None
