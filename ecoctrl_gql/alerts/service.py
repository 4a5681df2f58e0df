"""What can be done with alerts."""

from ecoctrl_gql.db.database import Database
from ecoctrl_gql.db.enums import AlertLevel
from ecoctrl_gql.db.tables import AlertRow
from ecoctrl_gql.errors import BadInputError

MAX_DEVICE = 255
MAX_MESSAGE = 10_000


async def create_alert(db: Database, *, device: str, level: AlertLevel, message: str) -> AlertRow:
    """
    Raise an alert now; it is pending.

    Raises:
        BadInputError: Device or message is empty or too long.
    """
    device = _text("device", device, MAX_DEVICE)
    message = _text("message", message, MAX_MESSAGE)
    return await db.repositories().alerts.create(device=device, level=level.value, message=message)


def _text(field: str, value: str, limit: int) -> str:
    value = value.strip()
    if not 0 < len(value) <= limit:
        raise BadInputError(f"{field} needs 1 to {limit:,} characters.", field=("input", field))
    return value
