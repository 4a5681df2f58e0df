"""What is done when a day begins at the site."""

import asyncio
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from ecoctrl_gql.app import create_app
from ecoctrl_gql.db.database import Database
from ecoctrl_gql.jobs import DAILY_JOBS
from ecoctrl_gql.jobs.daily import LOOK_EVERY_S, DailyJobs
from ecoctrl_gql.platform.clock import day_after

SECOND = timedelta(seconds=1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


class Site:
    """A clock that is set by hand, and the days for which a job has run."""

    def __init__(self, db: Database, now: str) -> None:
        self.now, self.days = at(now), []
        self.jobs = DailyJobs(db, [self._job], now=lambda: self.now)

    async def _job(self, _repos, today: date) -> None:
        self.days.append(today.isoformat())

    async def look_at(self, now: str) -> float:
        self.now = at(now)
        return await self.jobs.look()


@pytest.mark.parametrize(
    ("zone", "day", "hours", "ends"),
    [
        ("Asia/Shanghai", "2026-03-29", 24, "2026-03-29T16:00:00Z"),
        ("Europe/Berlin", "2026-03-29", 23, "2026-03-29T22:00:00Z"),
        ("Europe/Berlin", "2026-10-25", 25, "2026-10-25T23:00:00Z"),
        ("America/New_York", "2026-11-01", 25, "2026-11-02T05:00:00Z"),
        ("Australia/Lord_Howe", "2026-10-04", 23.5, "2026-10-04T13:00:00Z"),
        ("Africa/Cairo", "2026-04-23", 24, "2026-04-23T22:00:00Z"),  # the clocks skip the next midnight
        ("Africa/Cairo", "2026-04-24", 23, "2026-04-24T21:00:00Z"),
    ],
)
def test_a_day_ends_by_the_calendar(zone, day, hours, ends):
    site = ZoneInfo(zone)
    end = day_after(date.fromisoformat(day), site)

    assert end == at(ends)
    assert end - day_after(date.fromisoformat(day) - timedelta(days=1), site) == timedelta(hours=hours)
    assert (end - SECOND).astimezone(site).date() < end.astimezone(site).date()


@pytest.mark.parametrize(
    ("zone", "before", "midnight"),
    [
        ("Europe/Berlin", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"),
        ("Europe/Berlin", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z"),
        ("Asia/Shanghai", "2026-06-01T16:00:00Z", "2026-06-02T16:00:00Z"),
    ],
)
async def test_each_day_is_begun_once_at_its_midnight(zone, before, midnight, db, make):
    await make.platform_config(timezone=zone)
    site = Site(db, before)

    await site.jobs.look()
    sleep_s = await site.look_at((at(midnight) - SECOND).isoformat())
    first = list(site.days)
    await site.look_at(midnight)
    await site.look_at((at(midnight) + SECOND).isoformat())

    assert sleep_s == 1
    assert len(first) == 1
    today = at(midnight).astimezone(ZoneInfo(zone)).date()
    assert site.days == [(today - timedelta(days=1)).isoformat(), today.isoformat()]


async def test_what_a_server_missed_it_does_when_it_starts(db, make):
    site = Site(db, "2026-06-05T03:00:00Z")

    sleep_s = await site.jobs.look()

    assert site.days == ["2026-06-05"]
    assert sleep_s == LOOK_EVERY_S  # it looks again and again, for clocks and time zones can be set


async def test_another_time_zone_is_noticed(db, make):
    await make.platform_config(timezone="Asia/Shanghai")
    site = Site(db, "2026-06-01T12:00:00Z")
    await site.jobs.look()

    await db.repositories().platform_configs.put(timezone="Pacific/Kiritimati")
    await site.jobs.look()

    assert site.days == ["2026-06-01", "2026-06-02"]


async def test_one_process_does_it_at_a_time(db):
    """Another one waits, and does it again in case the first one fails."""
    begun, go_on, done = asyncio.Event(), asyncio.Event(), []

    async def slow(_repos, today):
        begun.set()
        await go_on.wait()
        done.append("first")

    async def quick(_repos, today):
        done.append("second")

    first, second = DailyJobs(db, [slow]), DailyJobs(db, [quick])
    running = asyncio.create_task(first.look())
    await begun.wait()
    await second.look()
    assert done == []
    go_on.set()
    await running
    await second.look()
    await second.look()

    assert done == ["first", "second"]


async def test_a_job_that_fails_is_done_later(db):
    attempts = []

    async def job(_repos, today):
        attempts.append(today)
        if len(attempts) == 1:
            raise RuntimeError("the first time")

    jobs = DailyJobs(db, [job])
    with pytest.raises(RuntimeError):
        await jobs.look()
    await jobs.look()
    await jobs.look()

    assert len(attempts) == 2


async def test_a_failure_takes_back_all_of_the_days_work(db, make):
    await make.maintenance_reminder(due_date=date(2026, 1, 1))

    async def fail(_repos, today):
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await DailyJobs(db, [*DAILY_JOBS, fail]).look()

    assert [row.status for row in await db.repositories().maintenance_reminders.all("task")] == ["pending"]


async def test_what_was_due_yesterday_is_overdue_today(db, make):
    await make.platform_config(timezone="Europe/Berlin")
    made = {
        (status, day): await make.maintenance_reminder(due_date=date(2026, 3, day), status=status)
        for status in ("pending", "in_progress", "completed", "overdue")
        for day in (27, 28, 29)
    }
    now = at("2026-03-28T22:59:59Z")
    jobs = DailyJobs(db, DAILY_JOBS, now=lambda: now)

    async def turned() -> set:
        rows = {row.id: row for row in await db.repositories().maintenance_reminders.all("due_date")}
        return {which for which, row in made.items() if rows[row.id].status != which[0]}

    await jobs.look()
    assert await turned() == {("pending", 27), ("in_progress", 27)}
    now += SECOND
    await jobs.look()
    assert await turned() == {
        *(("pending", 27), ("pending", 28)),
        *(("in_progress", 27), ("in_progress", 28)),
    }


async def test_the_server_does_it_by_itself(db, make, settings):
    reminder = await make.maintenance_reminder(due_date=date(2026, 1, 1))
    await make.fault()
    own = Database(settings.database_url.get_secret_value(), pool_size=4)
    app = create_app(settings, own)
    messages = [{"type": "lifespan.startup"}]
    stopping, sent = asyncio.Event(), []

    async def receive():
        if messages:
            return messages.pop()
        await stopping.wait()
        return {"type": "lifespan.shutdown"}

    async def send(message):
        sent.append(message["type"])

    running = asyncio.create_task(app({"type": "lifespan", "asgi": {"version": "3.0"}}, receive, send))
    try:
        async with asyncio.timeout(20):
            while (await db.repositories().maintenance_reminders.get(reminder.id)).status != "overdue":
                await asyncio.sleep(0.05)
    finally:
        stopping.set()
        await running

    assert sent == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
    assert (await db.repositories().fault_stats.only()).total_count == 1
