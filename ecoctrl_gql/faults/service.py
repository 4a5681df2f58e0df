"""What can be done with faults."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from typing import Any

from ecoctrl_gql.checks import about, optional_text, past, text
from ecoctrl_gql.db.conditions import Compare, Operator
from ecoctrl_gql.db.database import Database
from ecoctrl_gql.db.enums import FaultStatus
from ecoctrl_gql.db.repositories import Repositories
from ecoctrl_gql.db.tables import FaultRow
from ecoctrl_gql.errors import BadInputError, ConflictError
from ecoctrl_gql.notifications.assignment import Assigned, assign

MAX_DEVICE = 255
MAX_DESCRIPTION = MAX_NOTE = 10_000

FIGURES = "fault figures"
"""The lock of those who change faults: each counts what those before have committed, so none is left out."""

LEADS_FROM: Mapping[FaultStatus, tuple[FaultStatus, ...]] = {
    FaultStatus.OPEN: (FaultStatus.IN_MAINTENANCE, FaultStatus.FIXED),
    FaultStatus.IN_MAINTENANCE: (FaultStatus.OPEN,),
    FaultStatus.FIXED: (FaultStatus.IN_MAINTENANCE,),
}
"""From where a fault can come to a status: it is repaired, and reopened when the repair was none."""


@asynccontextmanager
async def changing_faults(db: Database) -> AsyncIterator[Repositories]:
    """A transaction that leaves the snapshot of the figures about faults in step."""
    async with db.transaction() as repos:
        await repos.lock(FIGURES)
        yield repos
        await repos.fault_stats.refresh()


async def create_fault(db: Database, values: Mapping[str, Any], *, by: str) -> FaultRow:
    """
    Record a fault; it is open.

    Args:
        db: The database.
        values: Its device, level, description and time.
        by: The user who reports it.

    Raises:
        BadInputError: A value is empty, too long or in the future.
    """
    given = {name: value for name, value in values.items() if value is not None}
    checked = _checked(given)
    async with changing_faults(db) as repos:
        return await repos.faults.create(**checked, reporter_id=by)


async def update_fault(db: Database, key: str, values: Mapping[str, Any]) -> FaultRow:
    """
    Change device, level, description or time of a fault: those that are given.

    Raises:
        NotFoundError: There is no such fault.
        BadInputError: A value is empty, too long or in the future.
    """
    checked = _checked(values)
    async with changing_faults(db) as repos:
        with about("input", "id"):
            return await repos.faults.update(key, **checked)


def _checked(values: Mapping[str, Any]) -> dict[str, Any]:
    """The columns for what was given."""
    checked = dict(values)
    for name in ("device", "level", "time"):
        if name in values and values[name] is None:
            raise BadInputError(f"{name} can't be null.", field=("input", name))
    if "device" in values:
        checked["device"] = text(values["device"], MAX_DEVICE, "input", "device")
    if "level" in values:
        checked["level"] = values["level"].value
    if "description" in values:
        checked["description"] = optional_text(values["description"], MAX_DESCRIPTION, "input", "description")
    if "time" in values:
        checked["time"] = past(values["time"], datetime.now(UTC), "input", "time")
    return checked


async def move_fault(
    db: Database, key: str, status: FaultStatus, *, by: str, note: str | None = None
) -> FaultRow:
    """
    Take a fault to another status; its history says who did and why.

    Of several who do the same at the same time one succeeds.

    Raises:
        NotFoundError: There is no such fault.
        ConflictError: Nothing leads from where it stands to that status.
        BadInputError: The note is too long.
    """
    note = optional_text(note, MAX_NOTE, "input", "note")
    begins = Compare("status", Operator.IN, tuple(each.value for each in LEADS_FROM[status]))
    async with changing_faults(db) as repos:
        await repos.faults.act_as(by, note)
        changed = await repos.faults.update_many([key], begins, status=status.value)
        if not changed:
            with about("input", "id"):
                fault = await repos.faults.get(key, frozenset({"status"}))
            raise ConflictError(_no_way(fault.status, status), field=("input", "status"))
    return changed[0]


def _no_way(present: str, wanted: FaultStatus) -> str:
    if present == wanted:
        return f"The fault is {present} already."
    ways = [status.value for status, begins in LEADS_FROM.items() if present in begins]
    return f"The fault is {present}; from there it can become {' or '.join(ways)}, not {wanted.value}."


async def assign_fault(db: Database, key: str, user_id: str | None, *, by: str) -> FaultRow:
    """
    Have a user repair a fault, and tell the user; None takes it from whoever had it.

    Raises:
        NotFoundError: There is no such fault or user.
        BadInputError: The user may not handle faults.
    """
    async with db.transaction() as repos:
        return await assign(repos, repos.faults, key, user_id, by=by, tell=_told)


def _told(fault: FaultRow) -> Assigned:
    return Assigned(f"Fault: {fault.device}", fault.description)


async def refresh_snapshot(repos: Repositories, _today: date) -> None:
    """Bring the snapshot of the figures in step with the time, and with what other programs have changed."""
    await repos.lock(FIGURES)
    await repos.fault_stats.refresh()
