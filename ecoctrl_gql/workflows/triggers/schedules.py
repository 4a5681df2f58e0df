"""
When a schedule fires.

A schedule that names times of the day (``30 2 * * *``) fires once for each of them on every day: a time that
the clocks skip fires when they have skipped it, one that they show twice fires the first time. A schedule of
intervals (``*/10 * * * *``) goes by the time that passes: 25 hours give 25 fires of an hourly one. So does
Debian's cron; here six fields are treated as five are.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from itertools import islice
from zoneinfo import ZoneInfo, available_timezones

from cronsim import CronSim

from ecoctrl_gql.workflows.triggers.cron import check_cron, runs_at_set_times, six_fields

DEFAULT_TIME_ZONE = "Asia/Shanghai"

MAX_CAUGHT_UP = 1_000
"""How many missed fires are made up for at most: those of a schedule of seconds would never end."""


class CatchUp(StrEnum):
    """What is done about the fires that were missed while no server ran."""

    SKIP = "skip"
    ONCE = "once"
    ALL = "all"


class UnknownTimeZoneError(ValueError):
    """There is no time zone of this name."""


@lru_cache(maxsize=1)
def time_zone_names() -> frozenset[str]:
    """The names of all time zones."""
    return frozenset(available_timezones())


def time_zone(name: str) -> ZoneInfo:
    """
    The time zone of an IANA name.

    Raises:
        UnknownTimeZoneError: There is none.
    """
    if name not in time_zone_names():
        raise UnknownTimeZoneError(f"{name} is no IANA time zone.")
    return ZoneInfo(name)


@dataclass(frozen=True, slots=True)
class Schedule:
    """A cron schedule in a time zone; all instants that it gives are in UTC."""

    cron: str
    zone: ZoneInfo

    @classmethod
    def of(cls, cron: str, zone_name: str | None = None, default: str = DEFAULT_TIME_ZONE) -> "Schedule":
        """
        The schedule of a cron text of five or six fields.

        Raises:
            CronError: The text can't be understood, or never fires.
            UnknownTimeZoneError: There is no such zone.
        """
        check_cron(cron)
        return cls(six_fields(cron), time_zone(zone_name or default))

    def fires_after(self, after: datetime) -> Iterator[datetime]:
        """The instants at which it fires after another, each once and in order; there is no last one."""
        last = after.astimezone(UTC)
        for fire in self._candidates(last):
            if fire > last:  # two times of the day may be the same instant where clocks skip
                yield fire
                last = fire

    def next_runs(self, n: int, after: datetime) -> list[datetime]:
        """The next instants at which it fires after another."""
        return list(islice(self.fires_after(after), n))

    def fires_between(self, start: datetime, end: datetime) -> Iterator[datetime]:
        """The instants at which it fires after `start`, up to and with `end`."""
        end = end.astimezone(UTC)
        for fire in self.fires_after(start):
            if fire > end:
                return
            yield fire

    def missed(self, policy: CatchUp, last: datetime, now: datetime) -> list[datetime]:
        """
        What to make up for when nothing fired since `last`.

        Returns:
            No instant for skip; the latest that was missed for once; for all each, but no more than the
            first thousand.
        """
        if policy is CatchUp.SKIP:
            return []
        if policy is CatchUp.ALL:
            return list(islice(self.fires_between(last, now), MAX_CAUGHT_UP))
        return self._latest(last, now)

    def _latest(self, last: datetime, now: datetime) -> list[datetime]:
        """The latest fire between two instants, if any; found by looking back further and further."""
        span = timedelta(minutes=1)
        while True:
            start = max(last, now - span)
            fires = list(self.fires_between(start, now))
            if fires or start == last:
                return fires[-1:]
            span *= 4

    def _candidates(self, after: datetime) -> Iterator[datetime]:
        try:
            local = after.astimezone(self.zone)
            if runs_at_set_times(self.cron):
                yield from (self._instant(time) for time in CronSim(self.cron, local.replace(tzinfo=None)))
            else:
                yield from (fire.astimezone(UTC) for fire in CronSim(self.cron, local))
        except OverflowError:  # the calendar ends with the year 9999
            return

    def _instant(self, local: datetime) -> datetime:
        """When the clocks show a time first; where they skip it, when they have."""
        instant = local.replace(tzinfo=self.zone).astimezone(UTC)
        if instant.astimezone(self.zone).replace(tzinfo=None) == local:
            return instant
        return self._end_of_gap(instant)

    def _end_of_gap(self, beyond: datetime) -> datetime:
        """The instant at which clocks skipped, not long before another; zones change at minutes."""
        offset, instant = beyond.astimezone(self.zone).utcoffset(), beyond.replace(second=0)
        while (earlier := instant - timedelta(minutes=1)).astimezone(self.zone).utcoffset() == offset:
            instant = earlier
        return instant
