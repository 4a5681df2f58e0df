"""A studio on a database with rows, and browsers in which different people are logged in."""

from collections.abc import AsyncIterator

import psycopg
import pytest
from psycopg.rows import dict_row

from ecoctrl_gql.config import Settings
from ecoctrl_gql.studio.app import Studio, create_studio
from tests.conftest import RecordingDatabase
from tests.studio.browsing import Browser
from tests.studio.samples import ROWS, Rows, users


@pytest.fixture
async def rows(database_url: str) -> AsyncIterator[Rows]:
    connect = psycopg.AsyncConnection.connect(database_url, autocommit=True, row_factory=dict_row)
    async with await connect as connection:
        rows = Rows(connection)
        for user in users():
            await rows.insert("users", user)
        for table, values in ROWS.items():
            await rows.insert(table, values)
        yield rows


@pytest.fixture
async def studio(settings: Settings, db: RecordingDatabase, rows: Rows) -> AsyncIterator[Studio]:
    studio = create_studio(settings, db)
    yield studio
    await studio.close()


@pytest.fixture
async def stranger(studio: Studio) -> AsyncIterator[Browser]:
    async with Browser(studio) as browser:
        yield browser


@pytest.fixture
async def ada(studio: Studio) -> AsyncIterator[Browser]:
    """The browser of an admin."""
    async with Browser(studio) as browser:
        await browser.log_in("ada")
        yield browser


@pytest.fixture
async def sue(studio: Studio) -> AsyncIterator[Browser]:
    """The browser of a super admin."""
    async with Browser(studio) as browser:
        await browser.log_in("sue")
        yield browser
