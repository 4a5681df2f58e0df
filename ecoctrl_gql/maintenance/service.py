"""What can be done with maintenance tasks."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from ecoctrl_gql.checks import about, day
from ecoctrl_gql.db.conditions import EVERYTHING, Compare, Operator
from ecoctrl_gql.db.database import Database
from ecoctrl_gql.db.enums import MaintenanceStatus, RepeatUnit
from ecoctrl_gql.db.repositories import Repositories
from ecoctrl_gql.db.tables import MaintenanceReminderRow
from ecoctrl_gql.errors import BadInputError, ConflictError
from ecoctrl_gql.maintenance.repeats import next_due
from ecoctrl_gql.maintenance.values import columns_of
from ecoctrl_gql.platform.clock import site_today

NOT_COMPLETED = Compare("status", Operator.NE, MaintenanceStatus.COMPLETED.value)


@dataclass(frozen=True, slots=True)
class Completed:
    """A task that is done, and the one that comes next by its plan, if any."""

    maintenance_reminder: MaintenanceReminderRow
    next: MaintenanceReminderRow | None


async def create_reminder(db: Database, given: Mapping[str, Any]) -> MaintenanceReminderRow:
    """
    Plan a maintenance task; it is pending, or overdue where its due date has passed.

    Raises:
        BadInputError: A value can't be used.
    """
    columns = columns_of(given)
    repos = db.repositories()
    late = columns["due_date"] < await site_today(repos)
    status = MaintenanceStatus.OVERDUE if late else MaintenanceStatus.PENDING
    return await repos.maintenance_reminders.create(**columns, status=status.value)


async def update_reminder(db: Database, key: str, given: Mapping[str, Any]) -> MaintenanceReminderRow:
    """
    Change a maintenance task; whether it is overdue follows from its due date.

    Raises:
        NotFoundError: There is no such task.
        ConflictError: Its status is to change, but it is overdue or completed.
        BadInputError: A value can't be used.
    """
    columns = columns_of(given)
    async with db.transaction() as repos:
        if not columns:
            return await _existing(repos, key)
        condition = NOT_COMPLETED if "status" in columns else EVERYTHING
        changed = await repos.maintenance_reminders.update_many([key], condition, **columns)
        if not changed:
            raise _completed_already(await _existing(repos, key), "status")
        status = _status_on(await site_today(repos), changed[0])
        if status == changed[0].status:
            return changed[0]
        if "status" in columns:
            message = f"It was due on {changed[0].due_date}: complete it, or give it a later due date."
            raise ConflictError(message, field=("input", "status"))
        return await repos.maintenance_reminders.update(key, status=status)


async def complete_reminder(
    db: Database, key: str, *, by: str, completed_on: date | None = None
) -> Completed:
    """
    Report a maintenance task done; where it is repeated, the next one is planned.

    The next one is due on the first day of the plan after both the due date and the day on which it was done.

    Raises:
        NotFoundError: There is no such task.
        ConflictError: It is completed already.
        BadInputError: The day lies in the future, or far away.
    """
    async with db.transaction() as repos:
        today = await site_today(repos)
        done = day(completed_on or today, "input", "completed_on")
        if done > today:
            raise BadInputError("completedOn lies in the future.", field=("input", "completed_on"))
        values = {"status": "completed", "last_completed": done, "completed_by": by}
        changed = await repos.maintenance_reminders.update_many([key], NOT_COMPLETED, **values)
        if not changed:
            raise _completed_already(await _existing(repos, key), "id")
        return Completed(changed[0], await _plan_next(repos, changed[0], today))


async def delete_reminder(db: Database, key: str) -> None:
    """
    Delete a maintenance task.

    Raises:
        NotFoundError: There is no such task.
    """
    with about("input", "id"):
        await db.repositories().maintenance_reminders.delete(key)


async def mark_overdue(repos: Repositories, today: date) -> None:
    """Make overdue what was due before a day and is not done."""
    await repos.maintenance_reminders.mark_overdue(today)


async def _plan_next(
    repos: Repositories, done: MaintenanceReminderRow, today: date
) -> MaintenanceReminderRow | None:
    if done.repeat_every is None or done.repeat_unit is None:
        return None
    first, after = done.repeat_from or done.due_date, max(done.due_date, done.last_completed or today)
    due = next_due(first, done.repeat_every, RepeatUnit[done.repeat_unit.upper()], after)
    if due is None:
        return None
    kept = ("task", "description", "priority", "assignee", "location", "estimated_hours", "last_completed")
    plan = {"repeat_every": done.repeat_every, "repeat_unit": done.repeat_unit, "repeat_from": first}
    status = MaintenanceStatus.OVERDUE if due < today else MaintenanceStatus.PENDING
    return await repos.maintenance_reminders.create(
        **{name: getattr(done, name) for name in kept}, **plan, due_date=due, status=status.value
    )


def _status_on(today: date, reminder: MaintenanceReminderRow) -> str:
    """The status that a task has on a day."""
    if reminder.status == MaintenanceStatus.COMPLETED:
        return reminder.status
    if reminder.due_date < today:
        return MaintenanceStatus.OVERDUE.value
    overdue = reminder.status == MaintenanceStatus.OVERDUE
    return MaintenanceStatus.PENDING.value if overdue else reminder.status


async def _existing(repos: Repositories, key: str) -> MaintenanceReminderRow:
    with about("input", "id"):
        return await repos.maintenance_reminders.update(key)


def _completed_already(reminder: MaintenanceReminderRow, field: str) -> ConflictError:
    return ConflictError(f"It is completed already, on {reminder.last_completed}.", field=("input", field))
