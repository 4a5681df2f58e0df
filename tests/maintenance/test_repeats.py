"""When a repeated task is due again."""

from datetime import date
from itertools import pairwise

import pytest

from ecoctrl_gql.db.enums import RepeatUnit
from ecoctrl_gql.maintenance.repeats import next_due

CASES = [
    # first, every, unit, after, next
    ("2026-03-01", 1, "DAYS", "2026-03-01", "2026-03-02"),
    ("2026-03-01", 10, "DAYS", "2026-03-10", "2026-03-11"),
    ("2026-03-01", 10, "DAYS", "2026-03-11", "2026-03-21"),
    ("2026-03-02", 2, "WEEKS", "2026-03-20", "2026-03-30"),
    ("2026-01-15", 1, "MONTHS", "2026-01-15", "2026-02-15"),
    ("2026-01-15", 1, "MONTHS", "2026-02-14", "2026-02-15"),
    ("2026-01-15", 1, "MONTHS", "2026-02-15", "2026-03-15"),
    ("2026-01-31", 1, "MONTHS", "2026-01-31", "2026-02-28"),
    ("2026-01-31", 1, "MONTHS", "2026-02-28", "2026-03-31"),  # back to the 31st
    ("2026-01-31", 1, "MONTHS", "2026-03-30", "2026-03-31"),
    ("2026-01-31", 3, "MONTHS", "2026-05-01", "2026-07-31"),
    ("2026-11-30", 3, "MONTHS", "2026-12-31", "2027-02-28"),
    ("2024-02-29", 1, "YEARS", "2024-02-29", "2025-02-28"),
    ("2024-02-29", 1, "YEARS", "2027-03-01", "2028-02-29"),
    ("2024-02-29", 4, "YEARS", "2024-03-01", "2028-02-29"),
    ("2026-12-31", 1, "MONTHS", "2026-12-31", "2027-01-31"),
    ("2026-01-01", 1000, "YEARS", "2026-01-01", None),
    ("2199-12-31", 1, "DAYS", "2199-12-31", None),
    ("2199-12-31", 1, "MONTHS", "2199-12-31", None),
]


@pytest.mark.parametrize(("first", "every", "unit", "after", "expected"), CASES)
def test_the_next_day_of_a_plan(first, every, unit, after, expected):
    found = next_due(date.fromisoformat(first), every, RepeatUnit[unit], date.fromisoformat(after))

    assert found == (expected and date.fromisoformat(expected))


@pytest.mark.parametrize("unit", RepeatUnit)
@pytest.mark.parametrize("every", [1, 2, 5, 13])
def test_a_plan_is_walked_through_day_by_day(unit, every):
    """The day found is the first one of the plan, however far behind the plan the work is."""
    first = date(2024, 1, 31)
    plan, due = [first], first
    while len(plan) < 12:
        due = next_due(first, every, unit, due)
        plan.append(due)

    assert plan == sorted(set(plan))
    for earlier, later in pairwise(plan):
        assert next_due(first, every, unit, date.fromordinal(later.toordinal() - 1)) == later
        assert next_due(first, every, unit, earlier) == later
