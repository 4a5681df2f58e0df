"""The mail server of the platform."""

from typing import Any

from ecoctrl_gql.config import Settings
from ecoctrl_gql.db.database import Database


async def sync_smtp_from_env(db: Database, settings: Settings) -> None:
    """
    Overwrite the platform's mail settings with those that the environment sets; the others stay.

    Runs at every boot, so that the environment is where an administrator looks.
    """
    values = smtp_values(settings)
    if values:
        await db.repositories().platform_configs.put(**values)


def smtp_values(settings: Settings) -> dict[str, Any]:
    """The columns of the platform's row that the environment sets."""
    password = settings.smtp_pass
    values = {
        "smtp_host": settings.smtp_host,
        "smtp_port": settings.smtp_port,
        "smtp_user": settings.smtp_user,
        "smtp_pass": None if password is None else password.get_secret_value(),
        "smtp_secure": settings.smtp_secure,
    }
    return {name: value for name, value in values.items() if value is not None}
