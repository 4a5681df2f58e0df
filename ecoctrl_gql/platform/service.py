"""Changing the configuration of the platform."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from ecoctrl_gql.auth import audit
from ecoctrl_gql.auth.audit import Origin
from ecoctrl_gql.auth.caller import Caller
from ecoctrl_gql.auth.sessions import LIFETIME_COLUMNS, Sessions
from ecoctrl_gql.checks import number, text
from ecoctrl_gql.db.database import Database
from ecoctrl_gql.db.tables import PlatformConfigRow
from ecoctrl_gql.errors import BadInputError

RANGES = {
    "refresh_interval": (1, 86_400),
    "backup_retention_days": (1, 36_500),
    "session_timeout": (0, 525_600),
    "smtp_port": (1, 65_535),
    "sessions_per_user": (0, 1_000),
}


async def update_config(
    db: Database, sessions: Sessions, caller: Caller, origin: Origin, given: Mapping[str, Any]
) -> PlatformConfigRow:
    """
    Change what is given of the configuration; how long sessions last takes effect on those that are there.

    Raises:
        BadInputError: A value can't be used.
    """
    if not given:
        raise BadInputError("Give at least one value to change.", field=("input",))
    values = {name: _checked(name, value) for name, value in given.items()}
    async with db.transaction() as repos:
        config = await repos.platform_configs.put(**values)
        if LIFETIME_COLUMNS & values.keys():
            await sessions.apply_timeout(repos)
        await audit.record(
            repos,
            caller,
            origin,
            "platform_config.updated",
            f"platform_config_{config.id}",
            changed=sorted(values),
        )
    return config


def _checked(name: str, value: Any) -> Any:
    path = ("input", name)
    if value is None:
        raise BadInputError(f"{name} can't be null.", field=path)
    if name in RANGES:
        return number(value, *RANGES[name], *path)
    if name == "platform_name":
        return text(value, 255, *path)
    if name == "timezone":
        try:
            return ZoneInfo(value).key
        except (ValueError, OSError):
            raise BadInputError("This is no IANA time zone, such as Asia/Shanghai.", field=path) from None
    if isinstance(value, str) and (len(value) > 255 or "\0" in value):
        raise BadInputError("This may have at most 255 characters.", field=path)
    return value
