"""A real PostgreSQL for the tests, databases on it, and a client that asks the real application."""

import gc
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import httpx
import psycopg
import pytest
from psycopg import sql

from ecoctrl_gql.app import create_app
from ecoctrl_gql.auth.caller import Caller
from ecoctrl_gql.auth.callers import Callers
from ecoctrl_gql.auth.service import Auth
from ecoctrl_gql.config import Settings
from ecoctrl_gql.db.database import Database, Transaction
from ecoctrl_gql.db.embedded import EmbeddedPostgres
from ecoctrl_gql.db.embedded.cluster import SETTINGS
from ecoctrl_gql.db.enums import Role
from ecoctrl_gql.db.migrations import migrate
from ecoctrl_gql.db.tables import UserRow
from tests.factories import Factories

FORGETFUL = {"fsync": "off", "wal_compression": "off", "wal_level": "minimal", "max_wal_senders": "0"}
"""Settings of a server whose databases nobody needs after a crash: it makes them six times faster."""


def pytest_xdist_auto_num_workers() -> int:
    """More than there are cores: tests of servers, timers and crashes wait for half of their time."""
    cores = os.cpu_count() or 1
    return cores + (cores + 1) // 2


def sibling(url: str, database: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A server on which databases can be created: TEST_DATABASE_URL, else an embedded one."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given
        return
    # not tmp_path: as root the server runs as another user, who must reach the folder
    home = Path(tempfile.mkdtemp(prefix="ecoctrl-tests-"))
    home.chmod(0o755)
    with EmbeddedPostgres(home / "postgres") as server:
        with pytest.MonkeyPatch.context() as patch:
            for name, value in FORGETFUL.items():
                patch.setitem(SETTINGS, name, value)
            url = server.start()
        yield url
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def admin(postgres_url: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        yield connection


@pytest.fixture(scope="session")
def migrated_template(postgres_url: str, admin: psycopg.Connection) -> Iterator[str]:
    """The name of a migrated database to make others from; nobody stays connected to it."""
    with scratch_database(admin) as name:
        migrate(sibling(postgres_url, name))
        yield name


class scratch_database:  # noqa: N801  # used like a function
    """A database for as long as a block runs, empty or made from a template."""

    def __init__(self, admin: psycopg.Connection, template: str = "template0") -> None:
        self.admin, self.template, self.name = admin, template, f"test_{uuid4().hex[:12]}"

    def __enter__(self) -> str:
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        self.admin.execute(statement.format(sql.Identifier(self.name), sql.Identifier(self.template)))
        return self.name

    def __exit__(self, *_: object) -> None:
        statement = sql.SQL("DROP DATABASE {}").format(sql.Identifier(self.name))
        try:
            self.admin.execute(statement)
        except psycopg.errors.ObjectInUse:
            gc.collect()  # a connection whose task was cancelled while it was made ends with the garbage
            self.admin.execute(statement)


@pytest.fixture
def empty_database_url(postgres_url: str, admin: psycopg.Connection) -> Iterator[str]:
    """A database without any table."""
    with scratch_database(admin) as name:
        yield sibling(postgres_url, name)


@pytest.fixture
def database_url(postgres_url: str, admin: psycopg.Connection, migrated_template: str) -> Iterator[str]:
    """A migrated database without any row."""
    with scratch_database(admin, migrated_template) as name:
        yield sibling(postgres_url, name)


class RecordingDatabase(Database):
    """A database that remembers the statements that were run on it."""

    statements: list[str]

    async def _run(self, connection: Any, statement: Any, parameters: Mapping[str, Any]) -> list[Any]:
        self.statements.append(statement.text)
        return await super()._run(connection, statement, parameters)


@pytest.fixture
async def db(database_url: str) -> AsyncIterator[RecordingDatabase]:
    database = RecordingDatabase(database_url, pool_size=4)
    database.statements = []
    await database.open()
    yield database
    await database.close()


@pytest.fixture
def in_transactions(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The statements within transactions, which `RecordingDatabase` leaves out; clear it to begin anew."""
    texts: list[str] = []

    async def fetch(self: Transaction, statement: Any, parameters: Mapping[str, Any]) -> list[Any]:
        texts.append(statement.text)
        return await original(self, statement, parameters)

    original = Transaction.fetch
    monkeypatch.setattr(Transaction, "fetch", fetch)
    return texts


@pytest.fixture
def make(db: RecordingDatabase) -> Factories:
    """Makes rows with believable values."""
    return Factories(db)


@dataclass
class Answer:
    """What the server answered."""

    status: int
    headers: httpx.Headers
    data: Any
    errors: list[dict[str, Any]]

    @property
    def codes(self) -> list[str]:
        return [error["extensions"]["code"] for error in self.errors]


SOMEBODY = Caller("00000000-0000-4000-8000-000000000000", "somebody", Role.SUPER_ADMIN)
"""A caller who may do everything; no user stands behind it."""


class KnownCallers(Callers):
    """Takes whoever a test says for the caller; tests of identity log in instead."""

    def __init__(self) -> None:
        self.caller = SOMEBODY

    async def of(self, authorization: str) -> Caller:
        return self.caller

    def forget(self, *session_ids: str) -> None:
        pass


@dataclass
class Client:
    """Asks the real application over HTTP, in process."""

    http: httpx.AsyncClient
    db: RecordingDatabase
    callers: KnownCallers
    headers: dict[str, str] = field(default_factory=lambda: {"Authorization": "Bearer somebody"})

    def act_as(self, role: Role | None, user: UserRow | None = None) -> None:
        """Call with a role, as a user where one is given; as nobody without a role."""
        if role is None:
            self.headers.pop("Authorization", None)
            return
        self.headers["Authorization"] = "Bearer somebody"
        who = SOMEBODY if user is None else Caller(user.id, user.username, role)
        self.callers.caller = replace(who, role=role)

    def act_as_user(self, user: UserRow) -> None:
        """Call as a user with the user's own role."""
        self.act_as(Role(user.role), user)

    @property
    def statements(self) -> list[str]:
        """The SQL of the last request."""
        return self.db.statements

    async def __call__(self, query: str, **variables: Any) -> Answer:
        self.db.statements.clear()
        body = {"query": query, "variables": variables}
        response = await self.http.post("/graphql", json=body, headers=self.headers)
        answer = response.json()
        return Answer(response.status_code, response.headers, answer.get("data"), answer.get("errors", []))


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    return Settings(_env_file=None, database_url=database_url, data_dir=tmp_path, jwt_secret="x" * 40)


@asynccontextmanager
async def client_of(settings: Settings, db: RecordingDatabase) -> AsyncIterator[Client]:
    """A client of the application on a database."""
    auth, callers = Auth(db, settings), KnownCallers()
    auth.callers = callers
    transport = httpx.ASGITransport(create_app(settings, db, auth))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as http:
        yield Client(http, db, callers)


@pytest.fixture
async def gql(db: RecordingDatabase, settings: Settings) -> AsyncIterator[Client]:
    async with client_of(settings, db) as client:
        yield client
