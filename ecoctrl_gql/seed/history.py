"""A year of readings of the whole campus, and the figures that cards show of it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from ecoctrl_gql.seed.campus import AREAS, Area
from ecoctrl_gql.seed.load import energy_kwh, last_full_hour, month_of, year_to

TARGET_SHARE = 0.97
"""The month's target against what the month would take."""

LONGEST_MONTH_DAYS = 31


@dataclass(frozen=True)
class History:
    """
    The readings of the year before ``now``.

    Attributes:
        zone: The platform's time zone, in which days and months begin.
    """

    now: datetime
    zone: ZoneInfo
    _computed: dict[Area, list[float]] = field(default_factory=dict, init=False, repr=False, compare=False)

    @cached_property
    def hours(self) -> list[datetime]:
        """When each hour began, oldest first; the last is the last full one."""
        return year_to(last_full_hour(self.now))

    def kwh(self, area: Area) -> list[float]:
        """The energy of an area in each of the `hours`."""
        if area not in self._computed:
            self._computed[area] = [energy_kwh(area, hour) for hour in self.hours]
        return self._computed[area]

    @cached_property
    def site_kwh(self) -> list[float]:
        """The energy of all areas together in each of the `hours`."""
        return [sum(values) for values in zip(*map(self.kwh, AREAS), strict=True)]

    def month_kwh(self, area: Area) -> float:
        """What an area took since the month began."""
        return self._since(self._now_local.replace(day=1), self.kwh(area))

    def day_kwh(self, days_ago: int = 0) -> float:
        """What the campus took on a day, by the time of day that it is now."""
        midnight = self._midnight(self._now_local - timedelta(days=days_ago))
        until = self.now - timedelta(days=days_ago)
        return sum(value for hour, value in self._newest(self.site_kwh) if midnight <= hour < until)

    def target_kwh(self, area: Area) -> int:
        """The month's target of an area, in hundreds."""
        month = sum(energy_kwh(area, hour) for hour in month_of(self.now, self.zone))
        return round(month * TARGET_SHARE / 100) * 100

    def _since(self, day: datetime, values: list[float]) -> float:
        start = self._midnight(day)
        return sum(value for hour, value in self._newest(values) if hour >= start)

    def _newest(self, values: list[float]) -> Iterable[tuple[datetime, float]]:
        newest = slice(-24 * LONGEST_MONTH_DAYS, None)
        return zip(self.hours[newest], values[newest], strict=True)

    @property
    def _now_local(self) -> datetime:
        return self.now.astimezone(self.zone)

    def _midnight(self, day: datetime) -> datetime:
        return day.replace(hour=0, minute=0, second=0, microsecond=0)
