"""When a repeated task is due again."""

from calendar import monthrange
from datetime import date, timedelta

from ecoctrl_gql.checks import LAST_YEAR
from ecoctrl_gql.db.enums import RepeatUnit

LAST_DAY = date(LAST_YEAR, 12, 31)

_DAYS = {RepeatUnit.DAYS: 1, RepeatUnit.WEEKS: 7}
_MONTHS = {RepeatUnit.MONTHS: 1, RepeatUnit.YEARS: 12}


def next_due(first: date, every: int, unit: RepeatUnit, after: date) -> date | None:
    """
    The first day of a plan that comes after another day.

    All days are counted from the plan's first one, so that a task of the 31st comes back to the 31st after a
    shorter month.

    Args:
        first: The day that the plan counts from.
        every: How many units lie between two days of it.
        unit: The unit.
        after: The day that it must be later than; not before ``first``.

    Returns:
        The day, or None where it lies beyond the years that dates can have.
    """
    if unit in _DAYS:
        step = every * _DAYS[unit]
        days = ((after - first).days // step + 1) * step
        return first + timedelta(days=days) if days <= (LAST_DAY - first).days else None
    step = every * _MONTHS[unit]
    months = (12 * (after.year - first.year) + after.month - first.month) // step * step
    due = _months_later(first, months)
    if due is not None and due <= after:
        due = _months_later(first, months + step)
    return due


def _months_later(day: date, months: int) -> date | None:
    """The same day of a later month, or the last one of that month where it has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    if year > LAST_YEAR:
        return None
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
