"""
The way of an alert: pending, acknowledged, resolved.

What is over by itself may be resolved without anybody having acknowledged it; nothing leads back. Of several
who take the same step at the same time one succeeds.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ecoctrl_gql.alerts.service import MAX_NOTE
from ecoctrl_gql.checks import optional_text
from ecoctrl_gql.db.conditions import Compare, Operator
from ecoctrl_gql.db.database import Database
from ecoctrl_gql.db.enums import AlertStatus
from ecoctrl_gql.db.records import Columns
from ecoctrl_gql.db.repositories import Repositories
from ecoctrl_gql.db.repositories.base import load_each
from ecoctrl_gql.db.repositories.batches import NOW
from ecoctrl_gql.db.tables import AlertRow
from ecoctrl_gql.errors import ConflictError, EcoctrlError, NotFoundError


@dataclass(frozen=True, slots=True)
class Step:
    """
    A step of an alert.

    Attributes:
        to: Where it leads.
        begins: Where an alert must stand to take it.
        by: The column that holds who took it.
        at: The column that holds when.
    """

    to: AlertStatus
    begins: tuple[AlertStatus, ...]
    by: str
    at: str


ACKNOWLEDGE = Step(AlertStatus.ACKNOWLEDGED, (AlertStatus.PENDING,), "acknowledged_by", "acknowledged_at")
RESOLVE = Step(
    AlertStatus.RESOLVED, (AlertStatus.PENDING, AlertStatus.ACKNOWLEDGED), "resolved_by", "resolved_at"
)
_STEP_TO = {step.to: step for step in (ACKNOWLEDGE, RESOLVE)}
_STATE: Columns = frozenset({"status"}).union(*((step.by, step.at) for step in _STEP_TO.values()))


async def take_step(
    db: Database, step: Step, keys: Sequence[str], *, by: str, note: str | None
) -> tuple[list[AlertRow], dict[str, EcoctrlError]]:
    """
    Take alerts a step further, in one statement, and a second one where some of them can't.

    Args:
        db: The database.
        step: The step.
        keys: The alerts.
        by: The user who takes it.
        note: What is to be noted on each; None leaves the notes as they are.

    Returns:
        Those that took it, in the order of the keys, and why the others did not, by key: `ConflictError`
        with where they stand, or `NotFoundError`.

    Raises:
        BadInputError: The note is too long.
    """
    note = optional_text(note, MAX_NOTE, "input", "note")
    values = {"status": step.to.value, step.by: by, step.at: NOW} | ({"note": note} if note else {})
    repos, wanted = db.repositories(), list(dict.fromkeys(keys))
    begins = Compare("status", Operator.IN, tuple(status.value for status in step.begins))
    changed = {alert.id: alert for alert in await repos.alerts.update_many(wanted, begins, **values)}
    left = [key for key in wanted if key not in changed]
    errors = await _reasons(repos, left) if left else {}
    return [changed[key] for key in wanted if key in changed], errors


async def _reasons(repos: Repositories, keys: Sequence[str]) -> dict[str, EcoctrlError]:
    alerts = await load_each(repos.alerts.by_key(_STATE), keys)
    users = await load_each(
        repos.users.by_key(frozenset({"username"})),
        [None if alert is None else _last_by(alert) for alert in alerts],
    )
    names = {user.id: user.username for user in users if user is not None}
    return {key: _reason(alert, names) for key, alert in zip(keys, alerts, strict=True)}


def _last_by(alert: AlertRow) -> str | None:
    """Who brought an alert where it stands."""
    step = _STEP_TO.get(alert.status)
    return None if step is None else getattr(alert, step.by)


def _reason(alert: AlertRow | None, names: Mapping[str, str]) -> EcoctrlError:
    if alert is None:
        return NotFoundError("There is no such alert.")
    step = _STEP_TO.get(alert.status)
    at = None if step is None else getattr(alert, step.at)
    by = names.get(_last_by(alert) or "")
    when = f" since {at.isoformat(timespec='seconds')}" if at else ""
    who = f", by {by}" if by else ""
    return ConflictError(f"The alert is {alert.status} already{when}{who}.")
