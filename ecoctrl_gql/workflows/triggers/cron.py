"""Cron texts: five fields, or six with seconds first."""

import re
from datetime import UTC, datetime
from typing import Final

from cronsim import CronSim, CronSimError

MAX_LENGTH = 200

_FIELDS: Final = ("second", "minute", "hour", "day of the month", "month", "day of the week")
_NAMES_OF_CRONSIM: Final = ("second", "minute", "hour", "day-of-month", "month", "day-of-week")
_NICKNAMES: Final = {
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
    "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@hourly": "0 * * * *",
}
_LEAP_CYCLE_BEGINS = datetime(2028, 1, 1, tzinfo=UTC)  # so that a 29 February is near


class CronError(ValueError):
    """A cron text can't be used; the message says why."""


class NeverFiresError(CronError):
    """A cron text names days that no calendar has."""


def six_fields(cron: str) -> str:
    """
    A cron text in the form of six fields, with nicknames such as @daily and the question mark resolved.

    Raises:
        CronError: It has another number of fields, or is too long.
    """
    if len(cron) > MAX_LENGTH:
        raise CronError(f"A cron text has at most {MAX_LENGTH} characters.")
    fields = _NICKNAMES.get(cron.strip().lower(), cron).split()
    if len(fields) not in (5, 6):
        raise CronError(
            f"A cron text has five fields, or six with seconds first; this one has {len(fields)}."
        )
    if len(fields) == 5:
        fields.insert(0, "0")
    return " ".join("*" if field == "?" and index in (3, 5) else field for index, field in enumerate(fields))


def check_cron(cron: str) -> None:
    """
    Look whether a cron text can be used.

    Raises:
        NeverFiresError: Its days are in no calendar, such as 30 February.
        CronError: It can't be understood.
    """
    fields = six_fields(cron)
    try:
        simulation = CronSim(fields, _LEAP_CYCLE_BEGINS)
    except CronSimError as error:
        raise _explained(fields.split(), str(error)) from None
    if next(simulation, None) is None:
        raise NeverFiresError("The schedule never fires: its days are in no calendar.")


def _explained(fields: list[str], complaint: str) -> CronError:
    index = next((i for i, name in enumerate(_NAMES_OF_CRONSIM) if complaint.endswith(name)), None)
    if index is None:
        return CronError(f"The cron text can't be understood: {complaint}.")
    if index == 3 and _is_valid_day(fields[3]):
        return NeverFiresError("The schedule never fires: none of its months has such a day.")
    return CronError(f"{fields[index]} is no {_FIELDS[index]} of a cron text.")


def _is_valid_day(field: str) -> bool:
    """Whether a field of days is right by itself, so that only the months don't fit."""
    try:
        CronSim(f"0 0 0 {field} * *", _LEAP_CYCLE_BEGINS)
    except CronSimError:
        return False
    return True


def runs_at_set_times(cron: str) -> bool:
    """
    Whether a schedule names times of the day, in place of intervals.

    As in Debian's cron, a star at the begin of the minute or the hour makes it an interval.
    """
    _, minute, hour, *_ = cron.split()
    return re.match(r"\*", minute) is None and re.match(r"\*", hour) is None
