"""Writers, clients that are cut off, and accidents, for a test that looks whether anything got lost."""

import asyncio
import os
import random
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psycopg
from event_server import ask, cursor_of_now, socket_to
from websockets.exceptions import WebSocketException

from ecoctrl_gql.db.embedded import EmbeddedPostgres
from ecoctrl_gql.db.embedded.postmaster import find_postmaster

QUERY = """
subscription ($after: String, $filter: AlertFilter) {
  alertAdded(after: $after, filter: $filter) { cursor alert { message } }
}
"""
CREATE = "mutation ($input: CreateAlertInput!) { createAlert(input: $input) { alert { id } } }"
INSERT = "INSERT INTO alerts (device, level, message) VALUES (%s, %s, %s)"
NEWEST = "SELECT message FROM alerts ORDER BY time DESC LIMIT 20"
LEVELS = ("high", "medium", "low")
TROUBLE = (OSError, TimeoutError, WebSocketException, httpx.HTTPError, psycopg.Error)


@dataclass
class Site:
    """A database and a server that have accidents."""

    postgres: EmbeddedPostgres
    url: str
    folder: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def http(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start_server(self) -> None:
        script = Path(__file__).with_name("event_server.py")
        command = [sys.executable, script, self.url, str(self.port), self.folder]
        environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
        self.process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)

    def kill_server(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    async def ready(self) -> None:
        """Wait until the server answers."""
        async with asyncio.timeout(60):
            while True:
                with suppress(*TROUBLE, KeyError, TypeError):
                    await cursor_of_now(self.http)
                    return
                await asyncio.sleep(0.1)

    async def restart_server(self) -> None:
        await asyncio.to_thread(self.kill_server)
        self.start_server()
        await self.ready()

    async def terminate_connections(self) -> None:
        with suppress(psycopg.Error):
            async with await psycopg.AsyncConnection.connect(self.url, autocommit=True) as connection:
                await connection.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE application_name LIKE 'ecoctrl%%' AND pid <> pg_backend_pid()"
                )

    async def restart_database(self) -> None:
        cluster = self.postgres._cluster
        assert cluster is not None
        postmaster = find_postmaster(cluster.data)
        assert postmaster is not None
        os.kill(postmaster.pid, signal.SIGQUIT)  # at once, as in a crash
        while find_postmaster(cluster.data) is not None:
            await asyncio.sleep(0.05)
        await asyncio.to_thread(self.postgres.revive)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@dataclass
class Writer:
    """Writes numbered alerts in transactions of all kinds; ``number`` never falls back."""

    site: Site
    name: str
    random: random.Random
    number: int = 0

    async def run(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            with suppress(*TROUBLE):
                if self.random.random() < 0.1:
                    await self._by_api()
                else:
                    await self._in_sql(stop)
            await asyncio.sleep(0.05)

    async def _by_api(self) -> None:
        level = self.random.choice(LEVELS).upper()
        await ask(
            self.site.http,
            CREATE,
            caller="operator",
            input={"device": self.name, "level": level, "message": self._message(None)},
        )

    async def _in_sql(self, stop: asyncio.Event) -> None:
        async with await psycopg.AsyncConnection.connect(self.site.url) as connection:
            for _ in range(self.random.randint(1, 12)):
                if stop.is_set():
                    return
                await self._transaction(connection)
                await asyncio.sleep(self.random.random() ** 3 * 0.3)

    async def _transaction(self, connection: psycopg.AsyncConnection) -> None:
        for _ in range(self.random.randint(1, 4)):
            cause = None
            if self.random.random() < 0.3:
                newest = await (await connection.execute(NEWEST)).fetchall()
                cause = self.random.choice(newest)[0].partition(" ")[0] if newest else None
            values = (self.name, self.random.choice(LEVELS), self._message(cause))
            await connection.execute(INSERT, values)
            await asyncio.sleep(self.random.random() ** 4 * 0.5)
        if self.random.random() < 0.2:
            await connection.rollback()
        else:
            await connection.commit()

    def _message(self, cause: str | None) -> str:
        self.number += 1
        return f"{self.name}:{self.number}" + (f" after {cause}" if cause else "")


@dataclass
class Follower:
    """A client that loses its connection again and again, and resumes by cursor."""

    site: Site
    random: random.Random
    cursor: str
    level: str | None
    told: list[str] = field(default_factory=list)
    cuts: int = 0

    async def follow(self, lifetime_s: float) -> None:
        """Follow for a while, then vanish in one way or another."""
        with suppress(*TROUBLE):
            # a connection that is not made, or is lost by an accident, is not cut off
            async with asyncio.timeout(lifetime_s + 30), self._subscribed() as connection:
                transport = connection.connection.transport
                stalls = self.random.random() < 0.2
                try:
                    async with asyncio.timeout(lifetime_s):
                        if stalls:
                            transport.pause_reading()
                            await asyncio.sleep(lifetime_s / 2)
                            transport.resume_reading()
                        while True:
                            self._take(await connection.hear(60))
                except TimeoutError:
                    self.cuts += 1
                if self.random.random() < 0.7:
                    transport.abort()

    async def catch_up(self, expected: int) -> None:
        """Follow until as much has been told as there is, and a little longer."""
        async with asyncio.timeout(60):
            while len(self.told) < expected:
                with suppress(*TROUBLE):
                    async with self._subscribed() as connection:
                        while len(self.told) < expected:
                            self._take(await connection.hear(5))
                        with suppress(TimeoutError):
                            while True:
                                self._take(await connection.hear(1.5))

    @asynccontextmanager
    async def _subscribed(self) -> AsyncIterator:
        async with socket_to(self.site.port, max_queue=4, open_timeout=5, close_timeout=1) as connection:
            condition = {} if self.level is None else {"level": {"eq": self.level.upper()}}
            await connection.begin(QUERY, variables={"after": self.cursor, "filter": condition})
            yield connection

    def _take(self, message: dict) -> None:
        if message["type"] == "error":
            [error] = message["payload"]
            assert error["extensions"]["code"] == "SERVICE_UNAVAILABLE", error
            raise OSError("the database is away")
        event = message["payload"]["data"]["alertAdded"]
        self.told.append(event["alert"]["message"])
        self.cursor = event["cursor"]
