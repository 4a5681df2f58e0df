"""The energy that an area of the campus takes: a function of the area and the hour alone."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from ecoctrl_gql.seed.campus import Area
from ecoctrl_gql.seed.climate import outdoor_temperature_c
from ecoctrl_gql.seed.noise import normal
from ecoctrl_gql.seed.site_calendar import is_workday

SITE_ZONE = ZoneInfo("Asia/Shanghai")
HOUR = timedelta(hours=1)
YEAR_HOURS = 365 * 24

COOLING_BALANCE_C, HEATING_BALANCE_C = 21.0, 13.0
EMPTY_SHARE = 0.35
"""How much of the heating and cooling stays on when nobody is there."""


def energy_kwh(area: Area, hour: datetime) -> float:
    """The energy of the hour that begins then, in kWh, to a hundredth."""
    local = hour.astimezone(SITE_ZONE)
    busy = (area.workday if is_workday(local.date()) else area.free_day)[local.hour]
    temperature = outdoor_temperature_c(local)
    climate = area.cooling_kw_per_k * max(0.0, temperature - COOLING_BALANCE_C)
    climate += area.heating_kw_per_k * max(0.0, HEATING_BALANCE_C - temperature)
    load = area.base_kw + area.active_kw * busy + climate * (EMPTY_SHARE + (1 - EMPTY_SHARE) * busy)
    chance = 1 + area.noise * normal(area.title, int(hour.timestamp()) // 3600)
    return round(min(area.rated_kw, max(0.0, load * chance)), 2)


def last_full_hour(now: datetime) -> datetime:
    """When the last hour that is over by ``now`` began."""
    return now.astimezone(UTC).replace(minute=0, second=0, microsecond=0) - HOUR


def year_to(last: datetime) -> list[datetime]:
    """The beginnings of the hours of a year, of which ``last`` is the last."""
    return [last - HOUR * back for back in range(YEAR_HOURS - 1, -1, -1)]


def month_of(hour: datetime, zone: ZoneInfo) -> list[datetime]:
    """The beginnings of all hours of the month that an hour lies in."""
    first = hour.astimezone(zone).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    following = (first + timedelta(days=32)).replace(day=1)
    start, end = first.astimezone(UTC), following.astimezone(UTC)
    return [start + HOUR * number for number in range((end - start) // HOUR)]
