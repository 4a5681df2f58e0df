"""When schedules fire, on days of 23, 24 and 25 hours."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecoctrl_gql.workflows.triggers.cron import CronError, NeverFiresError, check_cron
from ecoctrl_gql.workflows.triggers.schedules import (
    MAX_CAUGHT_UP,
    CatchUp,
    Schedule,
    UnknownTimeZoneError,
)
from tests.workflows.triggers.moments import NOON, at

BERLIN = "Europe/Berlin"
SHORT, LONG = (2026, 3, 29), (2026, 10, 25)  # the days of 23 and 25 hours there


def local_fires(cron, day, zone=BERLIN):
    """The local times, with their offsets in hours, at which a schedule fires on a day."""
    start = at(zone, *day) - timedelta(seconds=1)
    end = at(zone, *day) + timedelta(days=1, seconds=-1)  # by the clock, however long the day is
    fires = (fire.astimezone(ZoneInfo(zone)) for fire in Schedule.of(cron, zone).fires_between(start, end))
    return [f"{fire:%H:%M}+{fire.utcoffset() // timedelta(hours=1)}" for fire in fires]


@pytest.mark.parametrize("cron", ["30 2 * * *", "0 30 2 * * *"])
def test_a_time_that_is_skipped_fires_after_the_gap_and_one_shown_twice_once(cron):
    assert local_fires(cron, SHORT) == ["03:00+2"]
    assert local_fires(cron, LONG) == ["02:30+2"]


def test_times_that_fall_together_fire_once():
    assert local_fires("0,15,30 2,3 * * *", SHORT) == ["03:00+2", "03:15+2", "03:30+2"]


@pytest.mark.parametrize("cron", ["0 * * * *", "0 0 * * * *", "@hourly"])
def test_an_hourly_schedule_goes_by_the_hours_that_pass(cron):
    assert len(local_fires(cron, SHORT)) == 23
    assert len(local_fires(cron, LONG)) == 25
    assert local_fires(cron, LONG)[1:5] == ["01:00+2", "02:00+2", "02:00+1", "03:00+1"]


@pytest.mark.parametrize(
    "zone", [BERLIN, "America/Havana", "Australia/Lord_Howe", "Asia/Beirut", "Asia/Shanghai"]
)
def test_a_year_has_its_hours_and_days(zone):
    start, end = at(zone, 2026, 1, 1) - timedelta(seconds=1), at(zone, 2027, 1, 1) - timedelta(seconds=1)

    hours = list(Schedule.of("0 * * * *", zone).fires_between(start, end))
    days = list(Schedule.of("15 0 * * *", zone).fires_between(start, end))

    # where clocks move by half an hour, full hours of the clock are not those of UTC
    assert len(hours) == (8760 if zone != "Australia/Lord_Howe" else len(set(hours)))
    assert len({day.astimezone(ZoneInfo(zone)).date() for day in days}) == len(days) == 365


def test_midnight_that_is_skipped_fires_when_the_day_begins():
    assert local_fires("0 0 * * *", (2026, 3, 8), "America/Havana") == ["01:00+-4"]


def test_a_day_that_a_country_skipped_fires_at_its_end():
    fires = Schedule.of("0 12 * * *", "Pacific/Apia").next_runs(3, at("Pacific/Apia", 2011, 12, 29, 13))

    assert [f"{fire.astimezone(ZoneInfo('Pacific/Apia')):%d %H}" for fire in fires] == [
        "31 00",
        "31 12",
        "01 12",
    ]


def test_the_second_of_two_equal_hours_has_passed_the_times_of_the_first():
    schedule = Schedule.of("45 2 * * *", BERLIN)

    (fire,) = schedule.next_runs(1, at(BERLIN, *LONG, 2, 30, fold=1))

    assert fire == at(BERLIN, 2026, 10, 26, 2, 45)


def test_the_zone_of_china_is_the_default():
    assert Schedule.of("0 7 * * *").next_runs(2, NOON) == [
        datetime(2026, 11, 23, 23, tzinfo=UTC),
        datetime(2026, 11, 24, 23, tzinfo=UTC),
    ]
    assert Schedule.of("0 7 * * *", default="UTC").next_runs(1, NOON) == [
        datetime(2026, 11, 24, 7, tzinfo=UTC)
    ]


def test_six_fields_count_seconds():
    runs = Schedule.of("*/20 59 23 * * *", "UTC").next_runs(4, NOON)

    assert [f"{run:%d %H:%M:%S}" for run in runs] == [
        "23 23:59:00",
        "23 23:59:20",
        "23 23:59:40",
        "24 23:59:00",
    ]


def test_an_instant_itself_is_not_after_it():
    fire = datetime(2026, 11, 23, 13, tzinfo=UTC)
    schedule = Schedule.of("0 * * * *", "UTC")

    assert schedule.next_runs(1, fire - timedelta(microseconds=1)) == [fire]
    assert schedule.next_runs(1, fire) == [fire + timedelta(hours=1)]
    assert list(schedule.fires_between(fire, fire)) == []
    assert list(schedule.fires_between(fire - timedelta(hours=1), fire)) == [fire]


@pytest.mark.parametrize(
    ("cron", "days"),
    [
        ("0 0 L * *", ["30", "31", "31"]),
        ("0 0 29 2 *", ["29", "29", "29"]),
        ("0 0 * * MON#1", ["07", "04", "01"]),
        ("0 0 1,15 * 1", ["30", "01", "07"]),
        ("0 0 ? * 0", ["29", "06", "13"]),
        ("0 0 * * 7", ["29", "06", "13"]),
        ("@monthly", ["01", "01", "01"]),
    ],
)
def test_days_are_found(cron, days):
    assert [f"{run:%d}" for run in Schedule.of(cron, "UTC").next_runs(3, NOON)] == days


@pytest.mark.parametrize("cron", ["0 0 30 2 *", "0 0 31 4,6,9,11 *", "0 0 0 30 2 *", "0 0 31 2 */2"])
def test_days_of_no_calendar_never_fire(cron):
    with pytest.raises(NeverFiresError):
        check_cron(cron)


@pytest.mark.parametrize(
    ("cron", "complaint"),
    [
        ("", "this one has 0"),
        ("* * * *", "this one has 4"),
        ("0 0 0 1 1 * 2026", "this one has 7"),
        ("60 * * * *", "60 is no minute"),
        ("60 * * * * *", "60 is no second"),
        ("* 24 * * *", "24 is no hour"),
        ("* * 32 * *", "32 is no day of the month"),
        ("* * * 13 *", "13 is no month"),
        ("* * * * 8", "8 is no day of the week"),
        ("*/0 * * * *", "*/0 is no minute"),
        ("5-1 * * * *", "5-1 is no minute"),
        ("x y z a b", "x is no minute"),
        ("² * * * *", "² is no minute"),
        ("1 " * 200, "at most 200"),
    ],
)
def test_what_is_no_cron_text_is_told(cron, complaint):
    with pytest.raises(CronError, match=complaint.replace("*", r"\*")):
        check_cron(cron)


@pytest.mark.parametrize(
    "zone", ["Mars/Base", "../etc/passwd", "asia/shanghai", "Asia", "UTC+8", "x" * 500, "a\x00"]
)
def test_what_is_no_time_zone_is_refused(zone):
    with pytest.raises(UnknownTimeZoneError):
        Schedule.of("@daily", zone)


def test_missed_fires_are_skipped_made_up_once_or_all():
    schedule = Schedule.of("0 * * * *", "UTC")
    last = NOON - timedelta(hours=3, minutes=30)

    assert schedule.missed(CatchUp.SKIP, last, NOON) == []
    assert schedule.missed(CatchUp.ONCE, last, NOON) == [NOON]
    assert schedule.missed(CatchUp.ALL, last, NOON) == [NOON - timedelta(hours=h) for h in (3, 2, 1, 0)]
    assert schedule.missed(CatchUp.ONCE, NOON, NOON + timedelta(minutes=59)) == []


def test_missed_fires_of_years_are_found_without_going_through_them():
    seconds, leap_days = Schedule.of("* * * * * *", "UTC"), Schedule.of("0 0 29 2 *", "UTC")
    long_ago = datetime(2000, 1, 1, tzinfo=UTC)

    assert seconds.missed(CatchUp.ONCE, long_ago, NOON) == [NOON]
    assert len(seconds.missed(CatchUp.ALL, long_ago, NOON)) == MAX_CAUGHT_UP
    assert leap_days.missed(CatchUp.ONCE, long_ago, NOON) == [datetime(2024, 2, 29, tzinfo=UTC)]
    assert leap_days.missed(CatchUp.ONCE, datetime(2024, 3, 1, tzinfo=UTC), NOON) == []


def test_the_calendar_ends():
    assert Schedule.of("0 0 1 1 *", "UTC").next_runs(5, datetime(9998, 6, 1, tzinfo=UTC)) == [
        datetime(9999, 1, 1, tzinfo=UTC)
    ]


FIELDS = st.tuples(
    st.sampled_from(["*", "*/7", "0", "59", "10-20", "5,35"]),
    st.sampled_from(["*", "*/3", "0", "2", "1-3", "23"]),
    st.sampled_from(["*", "1", "28-31", "L"]),
    st.sampled_from(["*", "3,10", "*/5"]),
    st.sampled_from(["*", "0", "1-5", "7"]),
)


@settings(max_examples=150, deadline=None)
@given(
    FIELDS,
    st.sampled_from([BERLIN, "America/New_York", "Asia/Shanghai", "Australia/Lord_Howe", "America/Havana"]),
    st.integers(0, 63_000_000),
)
def test_fires_are_in_order_each_once_and_the_same_wherever_one_begins(fields, zone, second):
    schedule = Schedule.of(" ".join(fields), zone)
    start = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=second)

    runs = schedule.next_runs(12, start)

    assert all(one < other for one, other in pairwise([start, *runs]))
    middle = runs[5]
    assert schedule.next_runs(6, middle) == runs[6:]
    assert list(schedule.fires_between(start, middle)) == runs[:6]
