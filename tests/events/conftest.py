from collections.abc import AsyncIterator, Iterator

import psycopg
import pytest
from event_server import Running, Socket, running, socket_to

from tests.conftest import scratch_database, sibling


@pytest.fixture(scope="module")
def started(
    postgres_url: str,
    admin: psycopg.Connection,
    migrated_template: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Running]:
    with (
        scratch_database(admin, migrated_template) as name,
        running(sibling(postgres_url, name), tmp_path_factory.mktemp("server")) as server,
    ):
        yield server


@pytest.fixture
def server(started: Running) -> Running:
    """A server whose tables are empty but for the events of tests before."""
    for table in ("alerts", "faults", "users"):
        started.execute(f"DELETE FROM {table}")  # noqa: S608 - these names
    return started


@pytest.fixture
async def socket(server: Running) -> AsyncIterator[Socket]:
    async with socket_to(server.port) as opened:
        yield opened
