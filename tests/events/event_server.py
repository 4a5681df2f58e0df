"""The real application behind a real server, in a thread or as a process of its own, and clients of it."""

import asyncio
import itertools
import json
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psycopg
import uvicorn
from websockets.asyncio.client import ClientConnection, connect

from ecoctrl_gql.app import create_app
from ecoctrl_gql.auth.caller import Caller
from ecoctrl_gql.auth.callers import Callers
from ecoctrl_gql.auth.service import Auth
from ecoctrl_gql.config import Settings
from ecoctrl_gql.db.database import Database
from ecoctrl_gql.db.enums import Role
from ecoctrl_gql.errors import UnauthenticatedError
from ecoctrl_gql.http.server import server_options

PROTOCOL = "graphql-transport-ws"
NOBODY_ID = "00000000-0000-4000-8000-000000000000"

ADDED = "subscription ($after: String) { alertAdded(after: $after) { cursor alert { message } } }"


class NamedCallers(Callers):
    """Takes the caller from the token, which is a role and, where it matters, a user's key."""

    def __init__(self) -> None:
        pass

    async def of(self, authorization: str) -> Caller:
        role, _, user_id = authorization.removeprefix("Bearer ").partition(":")
        if role not in set(Role):
            raise UnauthenticatedError("This is no token.")
        return Caller(user_id or NOBODY_ID, "somebody", Role(role))


def application(database: Database, settings: Settings) -> Any:
    auth = Auth(database, settings)
    auth.callers = auth.watch._callers = NamedCallers()
    return create_app(settings, database, auth)


def settings_of(url: str, folder: Path, **values: Any) -> Settings:
    return Settings(
        _env_file=None, database_url=url, data_dir=folder, jwt_secret="x" * 40, log_level="error", **values
    )


@dataclass
class Running:
    """A server, and the database that it serves."""

    port: int
    database_url: str
    statements: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def execute(self, statement: str, *parameters: object) -> list[tuple]:
        """Run a statement as another program would: in plain SQL, committed at once."""
        with psycopg.connect(self.database_url) as connection:
            cursor = connection.execute(statement, parameters or None)
            return cursor.fetchall() if cursor.description else []

    def alert(self, message: str, level: str = "high", device: str = "Chiller 1") -> str:
        statement = "INSERT INTO alerts (device, level, message) VALUES (%s, %s, %s) RETURNING id"
        return str(self.execute(statement, device, level, message)[0][0])

    @property
    def reads(self) -> list[str]:
        """The statements that have read the lists of events."""
        return [statement for statement in self.statements if "FROM events WHERE" in statement]


class RecordingDatabase(Database):
    statements: list[str]

    async def _run(self, connection: Any, statement: Any, parameters: Any) -> list[Any]:
        self.statements.append(statement.text)
        return await super()._run(connection, statement, parameters)


@contextmanager
def running(url: str, folder: Path, **values: Any) -> Iterator[Running]:
    """A server in a thread of its own, on a free port."""
    settings = settings_of(url, folder, port=0, **values)
    database = RecordingDatabase(url, pool_size=4)
    database.statements = []
    server = uvicorn.Server(uvicorn.Config(application(database, settings), **server_options(settings)))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            thread.join(0.02)
            assert thread.is_alive()
        yield Running(server.servers[0].sockets[0].getsockname()[1], url, database.statements)
    finally:
        server.should_exit = True
        thread.join()


class Socket:
    """A websocket with several operations."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection
        self._ids = map(str, itertools.count(1))

    async def say(self, message: object) -> None:
        await self.connection.send(json.dumps(message))

    async def hear(self, timeout_s: float = 10.0) -> dict[str, Any]:
        async with asyncio.timeout(timeout_s):
            text = await self.connection.recv()
        assert isinstance(text, str)
        return json.loads(text)

    async def begin(self, query: str, identifier: str | None = None, **payload: Any) -> str:
        identifier = identifier or next(self._ids)
        await self.say({"id": identifier, "type": "subscribe", "payload": {"query": query, **payload}})
        return identifier

    async def data(self) -> Any:
        """What the next message tells: the value of its only root field."""
        message = await self.hear()
        assert message["type"] == "next", message
        assert "errors" not in message["payload"], message
        return next(iter(message["payload"]["data"].values()))

    async def refusal(self) -> dict[str, Any]:
        """The error that ends an operation."""
        message = await self.hear()
        assert message["type"] == "error", message
        return message["payload"][0]

    async def silence(self) -> None:
        """Nothing more is on its way: what was said before a ping is heard before its pong."""
        await self.say({"type": "ping"})
        assert await self.hear() == {"type": "pong"}


@asynccontextmanager
async def socket_to(port: int, caller: str = "viewer", **options: Any) -> AsyncIterator[Socket]:
    options = {"subprotocols": [PROTOCOL], "max_size": None, "compression": None} | options
    async with connect(f"ws://127.0.0.1:{port}/graphql", **options) as connection:
        socket = Socket(connection)
        await socket.say({"type": "connection_init", "payload": {"authorization": f"Bearer {caller}"}})
        assert (await socket.hear())["type"] == "connection_ack"
        yield socket


async def ask(url: str, query: str, caller: str = "viewer", **variables: Any) -> dict[str, Any]:
    async with httpx.AsyncClient(base_url=url, timeout=20) as http:
        body = {"query": query, "variables": variables}
        answer = await http.post("/graphql", json=body, headers={"Authorization": f"Bearer {caller}"})
        return answer.json()


async def messages(socket: Socket, count: int) -> list[str]:
    return [(await socket.data())["alert"]["message"] for _ in range(count)]


async def cursor_of_now(url: str) -> str:
    return (await ask(url, "{ eventCursor }"))["data"]["eventCursor"]


def serve(url: str, port: int, folder: Path) -> None:
    """Serve until killed."""
    settings = settings_of(url, folder, port=port)
    app = application(Database(url, pool_size=4), settings)
    uvicorn.Server(uvicorn.Config(app, **server_options(settings))).run()


if __name__ == "__main__":
    serve(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))
