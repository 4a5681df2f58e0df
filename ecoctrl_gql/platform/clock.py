"""The site's time: what day it is there, and when the next one begins."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ecoctrl_gql.db.bulk import DEFAULT_TIMEZONE
from ecoctrl_gql.db.repositories import Repositories


async def site_zone(repos: Repositories) -> ZoneInfo:
    """The time zone of the platform's configuration; the default one where it names none that is known."""
    config = await repos.platform_configs.only(frozenset({"timezone"}))
    try:
        return ZoneInfo(config.timezone if config else DEFAULT_TIMEZONE)
    except (ZoneInfoNotFoundError, ValueError):  # written past the API, which checks it
        return ZoneInfo(DEFAULT_TIMEZONE)


async def site_today(repos: Repositories) -> date:
    """What day it is at the site."""
    return datetime.now(await site_zone(repos)).date()


def day_after(day: date, zone: ZoneInfo) -> datetime:
    """
    The instant at which a day is over.

    Days have 23 or 25 hours where clocks change, so it is worked out from the calendar; where the clocks skip
    midnight, it is the instant at which they do.
    """
    return datetime.combine(day + timedelta(days=1), time.min, zone).astimezone(UTC)
