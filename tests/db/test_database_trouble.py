"""The database goes away, is slow, or has no connection free: what a caller is told, and how it ends."""

import asyncio
import contextlib
from urllib.parse import urlsplit, urlunsplit

import pytest

from ecoctrl_gql.db import database as database_module
from ecoctrl_gql.errors import UnavailableError
from tests.api.workbench import workbench_client
from tests.conftest import RecordingDatabase

COUNT = "{ alerts { totalCount } }"


def cut_connections(admin, database_url: str) -> None:
    """As at a restart of the server: every connection to the database is closed by it."""
    name = urlsplit(database_url).path.removeprefix("/")
    admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])


async def test_a_read_survives_the_loss_of_every_connection(gql, make, admin, database_url):
    await make.alert()
    await asyncio.gather(*(gql.http.post("/graphql", json={"query": COUNT}) for _ in range(8)))

    cut_connections(admin, database_url)
    answers = [await gql(COUNT) for _ in range(3)]

    assert [answer.data for answer in answers] == [{"alerts": {"totalCount": 1}}] * 3


async def test_many_reads_at_once_survive_it_together(gql, make, admin, database_url):
    await make.alert()
    for _ in range(3):
        cut_connections(admin, database_url)
        body, headers = {"query": COUNT}, gql.headers
        posts = [gql.http.post("/graphql", json=body, headers=headers) for _ in range(20)]
        answers = [response.json() for response in await asyncio.gather(*posts)]

        assert answers == [{"data": {"alerts": {"totalCount": 1}}}] * 20


async def test_a_write_that_meets_a_lost_connection_may_be_tried_again(gql, make, admin, database_url):
    alert = await make.alert()
    cut_connections(admin, database_url)
    failures = []
    while True:
        try:
            await gql.db.repositories().alerts.update(alert.id, device="Pump 7")
            break
        except UnavailableError as error:
            failures.append(error.extensions)

    assert len(failures) <= 4  # one a connection
    assert failures == [{"code": "SERVICE_UNAVAILABLE", "retryable": True}] * len(failures)
    assert (await gql.db.repositories().alerts.get(alert.id)).device == "Pump 7"


class Relay:
    """A way to the database that can be cut."""

    def __init__(self, host: str, port: int) -> None:
        self.target, self.writers, self.is_open = (host, port), set(), True

    async def __aenter__(self):
        self.server = await asyncio.start_server(self.carry, "127.0.0.1", 0)
        self.port = self.server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self.cut()
        self.server.close()
        await self.server.wait_closed()

    def cut(self) -> None:
        self.is_open = False
        for writer in self.writers:
            writer.transport.abort()
        self.writers.clear()

    async def carry(self, reader, writer) -> None:
        if not self.is_open:
            writer.transport.abort()
            return
        there_reader, there_writer = await asyncio.open_connection(*self.target)
        self.writers |= {writer, there_writer}
        await asyncio.gather(pump(reader, there_writer), pump(there_reader, writer))


async def pump(reader, writer) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()


@contextlib.asynccontextmanager
async def small_client(url: str, tmp_path, **options):
    """A client whose database has two connections."""
    database = RecordingDatabase(url, pool_size=2, **options)
    database.statements = []
    await database.open()
    async with workbench_client(database, tmp_path) as client:
        yield client
    await database.close()


async def test_an_outage_is_said_and_its_end_is_found(database_url, tmp_path, monkeypatch):
    monkeypatch.setattr(database_module, "CHECKOUT_TIMEOUT_S", 0.3)
    monkeypatch.setattr(database_module, "RECONNECT_TIMEOUT_S", 0.1)
    parts = urlsplit(database_url)
    async with Relay(parts.hostname, parts.port) as relay:
        netloc = parts.netloc.replace(f":{parts.port}", f":{relay.port}").replace(parts.hostname, "127.0.0.1")
        url = urlunsplit(parts._replace(netloc=netloc))
        async with small_client(url, tmp_path) as gql:
            assert (await gql(COUNT)).data == {"alerts": {"totalCount": 0}}

            relay.cut()
            outage = [await gql(COUNT) for _ in range(3)]
            relay.is_open = True
            for _ in range(20):
                recovered = await gql(COUNT)
                if not recovered.errors:
                    break

    assert [answer.codes for answer in outage] == [["SERVICE_UNAVAILABLE"]] * 3
    assert outage[0].errors[0]["extensions"]["retryable"] is True
    assert outage[0].errors[0]["message"] == "The database can't be reached just now. Try again in a moment."
    assert recovered.data == {"alerts": {"totalCount": 0}}


async def test_a_statement_that_takes_too_long_is_ended(database_url, tmp_path, admin):
    async with small_client(database_url, tmp_path, statement_timeout_s=0.2) as gql:
        async with gql.db.connection() as connection, connection.transaction():
            await connection.execute("LOCK TABLE alerts IN ACCESS EXCLUSIVE MODE")
            slow = await gql(COUNT)
        after = await gql(COUNT)

    assert slow.codes == ["TIMEOUT"]
    assert slow.errors[0]["message"] == "The database took too long to answer. Ask for less, or try again."
    assert after.errors == []


async def test_a_pool_without_a_free_connection_says_so(database_url, tmp_path, monkeypatch):
    monkeypatch.setattr(database_module, "CHECKOUT_TIMEOUT_S", 0.2)
    async with small_client(database_url, tmp_path) as gql:
        async with gql.db.connection(), gql.db.connection():
            crowded = await gql(COUNT)
        after = await gql(COUNT)

    assert crowded.codes == ["SERVICE_UNAVAILABLE"]
    assert after.errors == []


async def test_a_request_that_is_given_up_leaves_its_connection_usable(gql, make, database_url, admin):
    async with gql.db.connection() as connection, connection.transaction():
        await connection.execute("LOCK TABLE alerts IN ACCESS EXCLUSIVE MODE")
        for _ in range(6):
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(gql.db.repositories().alerts.count(), 0.05)

    assert (await gql(COUNT)).data == {"alerts": {"totalCount": 0}}


async def test_a_database_without_its_tables_is_a_fault_of_ours(empty_database_url, tmp_path):
    async with small_client(empty_database_url, tmp_path) as gql:
        answer = await gql(COUNT)

    assert answer.codes == ["INTERNAL_ERROR"]
    assert [error["message"] for error in answer.errors] == ["Internal error"]


async def test_clients_choose_shapes_but_not_how_many_are_kept_prepared(database_url, tmp_path):
    query = "query($filter: AlertFilter) { alerts(filter: $filter) { totalCount } }"
    async with small_client(database_url, tmp_path) as gql:
        async with gql.db.connection() as one, gql.db.connection() as other:
            bounds = {one.prepared_max, other.prepared_max}
            for connection in (one, other):
                connection.prepared_max, connection.prepare_threshold = 3, 0
        for number in range(1, 12):
            shape = {"or": [{"device": {"eq": "x"}}] * number}
            assert (await gql(query, filter=shape)).errors == []
        async with gql.db.connection() as one, gql.db.connection() as other:
            kept = [
                await (await connection.execute("SELECT count(*) FROM pg_prepared_statements")).fetchone()
                for connection in (one, other)
            ]

    assert bounds == {500}
    # three shapes each, and the question itself
    assert sum(number for (number,) in kept) in range(1, 9)
