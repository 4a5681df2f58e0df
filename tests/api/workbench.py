"""A database that tests share, one after the other: emptying it is much faster than making a new one."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import psycopg

from ecoctrl_gql.app import create_app
from ecoctrl_gql.config import Settings
from ecoctrl_gql.db.base import Base
from tests.conftest import Client, RecordingDatabase, scratch_database, sibling

DELETIONS = "; ".join(f"DELETE FROM {table.name}" for table in Base.metadata.sorted_tables)  # noqa: S608


@asynccontextmanager
async def open_database(
    postgres_url: str, admin: psycopg.Connection, template: str
) -> AsyncIterator[RecordingDatabase]:
    with scratch_database(admin, template) as name:
        database = RecordingDatabase(sibling(postgres_url, name), pool_size=4)
        database.statements = []
        await database.open()
        yield database
        await database.close()


async def empty(database: RecordingDatabase) -> RecordingDatabase:
    """The database without any row, and with no statement remembered."""
    async with database.connection() as connection:
        await connection.execute(DELETIONS)
    database.statements.clear()
    return database


@asynccontextmanager
async def client_of(database: RecordingDatabase, data_dir: Path) -> AsyncIterator[Client]:
    """A client of the real application on a database."""
    settings = Settings(
        _env_file=None, database_url=database.conninfo, data_dir=data_dir, jwt_secret="x" * 40
    )
    transport = httpx.ASGITransport(create_app(settings, database))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as http:
        yield Client(http, database)
