"""Being woken by the database's notifications."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

import psycopg
import structlog
from psycopg import AsyncConnection, sql

KEEPALIVE: dict[str, Any] = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3}
RETRY_AFTER_S = (0.1, 0.2, 0.5, 1.0, 2.0)

log = structlog.stdlib.get_logger("ecoctrl.events")


async def listen(conninfo: str, channel: str, woken: Callable[[], None]) -> None:
    """
    Call ``woken`` at each notification, and whenever some may have been missed; runs until it is cancelled.

    A connection that is lost is made again, more and more rarely but at least every two seconds.
    """
    await listen_to(conninfo, {channel: woken})


async def listen_to(conninfo: str, woken: Mapping[str, Callable[[], None]]) -> None:
    """The same for several channels on one connection, each with what to call."""

    def wake_all() -> None:
        for wake in woken.values():
            wake()

    failures = 0
    while True:
        try:
            async with await AsyncConnection.connect(
                conninfo, autocommit=True, application_name="ecoctrl events", **KEEPALIVE
            ) as connection:
                for channel in woken:
                    await connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(channel)))
                failures = 0
                wake_all()
                async for notification in connection.notifies():
                    woken[notification.channel]()
        except psycopg.Error as error:
            if not failures:
                log.warning("Notifications are not heard until the database is back", error=str(error))
        wake_all()
        await asyncio.sleep(RETRY_AFTER_S[min(failures, len(RETRY_AFTER_S) - 1)])
        failures += 1
