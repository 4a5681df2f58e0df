"""
Databases that many tests share.

``gql``, ``db`` and ``make`` work on one that is emptied before each test; ``shared_gql`` on one that keeps
for a whole module what the module's fixtures made.
"""

from collections.abc import AsyncIterator

import psycopg
import pytest

from ecoctrl_gql.db.enums import Role
from tests.api.database_sample import Sample, make_sample
from tests.api.workbench import empty, open_database, workbench_client
from tests.conftest import Client, RecordingDatabase


@pytest.fixture(scope="session")
async def workbench(
    postgres_url: str,
    admin: psycopg.Connection,
    migrated_template: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[Client]:
    async with (
        open_database(postgres_url, admin, migrated_template) as database,
        workbench_client(database, tmp_path_factory.mktemp("data")) as client,
    ):
        yield client


@pytest.fixture
async def gql(workbench: Client) -> Client:
    await empty(workbench.db)
    workbench.act_as(Role.SUPER_ADMIN)
    return workbench


@pytest.fixture
def db(gql: Client) -> RecordingDatabase:
    return gql.db


@pytest.fixture(scope="module")
async def shared_gql(
    postgres_url: str,
    admin: psycopg.Connection,
    migrated_template: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[Client]:
    """A client on a database that the module's tests share."""
    async with (
        open_database(postgres_url, admin, migrated_template) as database,
        workbench_client(database, tmp_path_factory.mktemp("data")) as client,
    ):
        yield client


@pytest.fixture(scope="module")
async def sample(shared_gql: Client) -> Sample:
    """Rows of every table, related to one another in every way that the schema knows."""
    return await make_sample(shared_gql.db)
