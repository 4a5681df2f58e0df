"""A database that tests share, one after the other: emptying it is much faster than making a new one."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import psycopg

from ecoctrl_gql.config import Settings
from ecoctrl_gql.db.base import Base
from tests.conftest import Client, RecordingDatabase, client_of, scratch_database, sibling

DELETIONS = "; ".join(
    (
        "ALTER TABLE audit_entries DISABLE TRIGGER append_only",
        *(f"DELETE FROM {table.name}" for table in Base.metadata.sorted_tables),  # noqa: S608
        "ALTER TABLE audit_entries ENABLE TRIGGER append_only",
    )
)


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
async def workbench_client(database: RecordingDatabase, data_dir: Path) -> AsyncIterator[Client]:
    """A client of the real application on a database."""
    settings = Settings(
        _env_file=None, database_url=database.conninfo, data_dir=data_dir, jwt_secret="x" * 40
    )
    async with client_of(settings, database) as client:
        yield client
