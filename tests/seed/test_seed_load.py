"""The shape of the sample readings; no database is needed."""

from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from statistics import fmean
from struct import pack

import pytest

from ecoctrl_gql.seed.campus import AREAS
from ecoctrl_gql.seed.climate import outdoor_temperature_c
from ecoctrl_gql.seed.history import History
from ecoctrl_gql.seed.load import SITE_ZONE, energy_kwh
from ecoctrl_gql.seed.noise import normal, uniform
from ecoctrl_gql.seed.site_calendar import is_workday

NOW = datetime(2026, 3, 18, 6, 25, tzinfo=UTC)
BY_TITLE = {area.title: area for area in AREAS}


@pytest.fixture(scope="module")
def history() -> History:
    return History(NOW, SITE_ZONE)


def mean(history: History, title: str, wanted) -> float:
    area = BY_TITLE[title]
    pairs = zip(history.hours, history.kwh(area), strict=True)
    return fmean(kwh for hour, kwh in pairs if wanted(hour.astimezone(SITE_ZONE)))


def by_day(time: datetime) -> bool:
    return is_workday(time.date()) and 9 <= time.hour < 17


def at_night(time: datetime) -> bool:
    return time.hour < 5


def test_a_year_ends_with_the_last_full_hour(history):
    assert history.hours[-1] == datetime(2026, 3, 18, 5, tzinfo=UTC)
    assert history.hours[0] == datetime(2025, 3, 18, 6, tzinfo=UTC)
    assert len(set(history.hours)) == 8760


def test_the_values_are_the_same_on_every_machine(history):
    values = b"".join(pack("<f", kwh) for area in AREAS for kwh in history.kwh(area))

    assert sha256(values).hexdigest() == "3e1ed102bcd42ba4672e5f41c04118c7ded2d4c929cd881d09937796675a5603"


def test_an_hours_value_does_not_depend_on_when_it_is_asked_for(history):
    later = History(NOW + timedelta(days=40), SITE_ZONE)
    for area in AREAS[:3]:
        assert later.kwh(area)[: -40 * 24] == history.kwh(area)[40 * 24 :]


def test_the_totals_of_a_year(history):
    assert {area.title: round(sum(history.kwh(area))) for area in AREAS} == {
        "Office Tower A": 2_327_899,
        "Office Tower B": 1_656_201,
        "Laboratories": 2_538_560,
        "Data Centre": 3_297_422,
        "Canteen": 1_045_865,
        "Dormitories": 2_219_825,
        "Chillers and Heat Pumps": 1_456_852,
        "Vehicle Charging": 707_043,
    }


def test_offices_work_by_day_and_dormitories_in_the_evening(history):
    offices = mean(history, "Office Tower A", by_day) / mean(history, "Office Tower A", at_night)
    homes = mean(history, "Dormitories", lambda t: 19 <= t.hour < 22) / mean(history, "Dormitories", at_night)
    computers = mean(history, "Data Centre", by_day) / mean(history, "Data Centre", at_night)

    assert 4.5 < offices < 6.5
    assert 1.8 < homes < 3
    assert 0.95 < computers < 1.1


def test_weekends_and_holidays_are_quiet_in_the_offices(history):
    noon = {
        name: mean(history, "Office Tower B", lambda t, kind=kind: t.hour == 11 and kind(t.date()))
        for name, kind in {
            "workday": is_workday,
            "weekend": lambda day: day.weekday() >= 5,
            "holiday": lambda day: day.month == 10 and day.day <= 7,
        }.items()
    }

    assert noon["workday"] > 3 * noon["weekend"]
    assert noon["workday"] > 3 * noon["holiday"]


def test_cooling_in_summer_and_heating_in_winter(history):
    summer, winter, between = (
        mean(history, "Chillers and Heat Pumps", lambda t, months=months: t.month in months)
        for months in ((7, 8), (12, 1), (4, 10))
    )

    assert summer > 3 * between
    assert winter > 2 * between
    assert summer > winter


def test_the_plant_follows_the_temperature_of_the_same_hour_of_day():
    plant = BY_TITLE["Chillers and Heat Pumps"]
    noons = [datetime(2025, 7, day, 12, tzinfo=SITE_ZONE) for day in range(1, 32)]
    hottest = max(noons, key=outdoor_temperature_c)
    coolest = min((noon for noon in noons if is_workday(noon.date())), key=outdoor_temperature_c)

    assert outdoor_temperature_c(hottest) - outdoor_temperature_c(coolest) > 3
    assert energy_kwh(plant, hottest) > energy_kwh(plant, coolest)


def test_no_load_is_negative_or_above_what_the_connection_bears(history):
    for area in AREAS:
        assert min(history.kwh(area)) > 0
        assert max(history.kwh(area)) <= area.rated_kw


def test_neighbouring_hours_differ_by_chance(history):
    assert len(set(history.kwh(BY_TITLE["Vehicle Charging"]))) > 5000


def test_holidays():
    days = {
        date(2026, 2, 16): False,  # the eve of the spring festival
        date(2026, 2, 23): False,
        date(2026, 2, 24): True,
        date(2026, 5, 1): False,
        date(2026, 5, 9): False,  # a Saturday
        date(2026, 10, 8): True,
    }

    assert {day: is_workday(day) for day in days} == days


def test_chance_is_evenly_and_normally_distributed():
    even = [uniform("test", number) for number in range(4000)]
    bell = [normal("test", number) for number in range(4000)]

    assert 0.48 < fmean(even) < 0.52
    assert abs(fmean(bell)) < 0.05
    assert 0.95 < fmean(value * value for value in bell) < 1.05


def test_the_figures_of_the_day_and_the_month(history):
    midnight = datetime(2026, 3, 18, tzinfo=SITE_ZONE)
    today = sum(energy_kwh(a, midnight + timedelta(hours=h)) for a in AREAS for h in range(14))
    first = datetime(2026, 3, 1, tzinfo=SITE_ZONE)
    tower = BY_TITLE["Office Tower A"]
    month = sum(energy_kwh(tower, first + timedelta(hours=h)) for h in range(17 * 24 + 14))

    assert history.day_kwh() == pytest.approx(today)
    assert history.month_kwh(tower) == pytest.approx(month)
    assert history.target_kwh(tower) == 184_100


def test_nothing_was_used_yet_in_the_first_hour_of_a_month():
    new_month = History(datetime(2026, 3, 31, 16, 20, tzinfo=UTC), SITE_ZONE)

    assert new_month.month_kwh(AREAS[0]) == 0
    assert new_month.day_kwh() == 0
