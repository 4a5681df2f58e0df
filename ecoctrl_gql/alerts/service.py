"""What can be done with alerts."""

from collections.abc import Sequence
from dataclasses import dataclass

from ecoctrl_gql.checks import about, at_most, optional_text, text
from ecoctrl_gql.db.database import Database
from ecoctrl_gql.db.enums import AlertLevel
from ecoctrl_gql.db.tables import AlertRow
from ecoctrl_gql.errors import BadInputError
from ecoctrl_gql.notifications.assignment import Assigned, assign

MAX_DEVICE = 255
MAX_MESSAGE = MAX_NOTE = 10_000
MAX_ALERTS = 1000


@dataclass(frozen=True, slots=True)
class NewAlert:
    device: str
    level: AlertLevel
    message: str

    def values(self, *path: str) -> dict[str, str]:
        """
        The columns of the alert.

        Raises:
            BadInputError: Device or message is empty or too long; the path begins as given.
        """
        return {
            "device": text(self.device, MAX_DEVICE, *path, "device"),
            "level": self.level.value,
            "message": text(self.message, MAX_MESSAGE, *path, "message"),
        }


async def create_alert(db: Database, alert: NewAlert) -> AlertRow:
    """
    Raise an alert now; it is pending.

    Raises:
        BadInputError: Device or message is empty or too long.
    """
    return await db.repositories().alerts.create(**alert.values("input"))


async def create_alerts(
    db: Database, alerts: Sequence[NewAlert]
) -> tuple[list[AlertRow], list[BadInputError]]:
    """
    Raise alerts now, in one statement.

    Returns:
        Those that were raised, in their order, and what is wrong with each of the others.

    Raises:
        BadInputError: There are none or too many.
    """
    at_most(MAX_ALERTS, alerts, "input", "alerts")
    rows, errors = [], []
    for index, alert in enumerate(alerts):
        try:
            rows.append(alert.values("input", "alerts", str(index)))
        except BadInputError as error:
            errors.append(error)
    return await db.repositories().alerts.create_many(rows), errors


async def assign_alert(db: Database, key: str, user_id: str | None, *, by: str) -> AlertRow:
    """
    Have a user take care of an alert, and tell the user; None takes it from whoever had it.

    Raises:
        NotFoundError: There is no such alert or user.
        BadInputError: The user may not handle alerts.
    """
    async with db.transaction() as repos:
        return await assign(repos, repos.alerts, key, user_id, by=by, tell=_told)


def _told(alert: AlertRow) -> Assigned:
    return Assigned(f"Alert: {alert.device}", alert.message)


async def note_alert(db: Database, key: str, note: str | None) -> AlertRow:
    """
    Write a note on an alert, in place of the one that is there; None removes it.

    Raises:
        NotFoundError: There is no such alert.
        BadInputError: The note is too long.
    """
    note = optional_text(note, MAX_NOTE, "input", "note")
    with about("input", "id"):
        return await db.repositories().alerts.update(key, note=note)
