"""The columns of a maintenance task, made of what was given."""

from collections.abc import Callable, Mapping
from typing import Any

from ecoctrl_gql.checks import day, number, optional_text, text
from ecoctrl_gql.db.enums import MaintenanceStatus
from ecoctrl_gql.errors import BadInputError

MOST_HOURS = 10_000
LONGEST_INTERVAL = 1000

NEEDED = ("task", "due_date", "priority", "status")

_READ: Mapping[str, Callable[[Any], Any]] = {
    "task": lambda value: text(value, 255, "input", "task"),
    "due_date": lambda value: day(value, "input", "due_date"),
    "description": lambda value: optional_text(value, 10_000, "input", "description"),
    "priority": lambda value: value.value,
    "status": lambda value: _status(value),
    "assignee": lambda value: optional_text(value, 100, "input", "assignee"),
    "location": lambda value: optional_text(value, 255, "input", "location"),
    "estimated_hours": lambda value: _hours(value),
}


def columns_of(given: Mapping[str, Any]) -> dict[str, Any]:
    """
    The columns for what was given of a task by name; under ``repeat`` stand interval and unit, or None.

    Raises:
        BadInputError: A value can't be used.
    """
    for name in NEEDED:
        if name in given and given[name] is None:
            raise BadInputError(
                f"{name} can't be null.".replace("due_date", "dueDate"), field=("input", name)
            )
    columns = {name: read(given[name]) for name, read in _READ.items() if name in given}
    if "repeat" in given:
        columns |= _plan(given["repeat"])
    if "repeat" in given or "due_date" in given:
        columns["repeat_from"] = None  # the plan begins anew, at the due date
    return columns


def _status(value: MaintenanceStatus) -> str:
    if value in (MaintenanceStatus.PENDING, MaintenanceStatus.IN_PROGRESS):
        return value.value
    way = "completeMaintenanceReminder completes a task"
    if value is MaintenanceStatus.OVERDUE:
        way = "a task becomes overdue by itself"
    raise BadInputError(f"status can be PENDING or IN_PROGRESS; {way}.", field=("input", "status"))


def _hours(value: int | None) -> int | None:
    return None if value is None else number(value, 0, MOST_HOURS, "input", "estimated_hours")


def _plan(repeat: tuple[int, str] | None) -> dict[str, Any]:
    if repeat is None:
        return {"repeat_every": None, "repeat_unit": None}
    every, unit = repeat
    return {
        "repeat_every": number(every, 1, LONGEST_INTERVAL, "input", "repeat", "every"),
        "repeat_unit": unit,
    }
