"""The days on which the campus works."""

from datetime import date, timedelta
from functools import lru_cache

SPRING_FESTIVALS = (
    date(2023, 1, 22),
    date(2024, 2, 10),
    date(2025, 1, 29),
    date(2026, 2, 17),
    date(2027, 2, 6),
    date(2028, 1, 26),
    date(2029, 2, 13),
    date(2030, 2, 3),
)
"""Lunar new year's days; the festival lasts from the eve to the sixth day after."""

FIXED_HOLIDAYS = {1: (1,), 5: (1, 2, 3), 10: (1, 2, 3, 4, 5, 6, 7)}
"""New Year, Labour Day and National Day: the days by month."""


@lru_cache(maxsize=1024)
def is_workday(day: date) -> bool:
    """Whether people come to work; the working Saturdays that make up for holidays are left out."""
    return day.weekday() < 5 and not is_holiday(day)


def is_holiday(day: date) -> bool:
    return day.day in FIXED_HOLIDAYS.get(day.month, ()) or any(
        -timedelta(days=1) <= day - festival <= timedelta(days=6) for festival in SPRING_FESTIVALS
    )
