"""The connections to PostgreSQL, and how statements run on them."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Hashable, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import orjson
import psycopg
from psycopg import AsyncConnection
from psycopg.types.json import set_json_dumps, set_json_loads
from psycopg.types.string import TextLoader
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from ecoctrl_gql.db.failures import our_errors
from ecoctrl_gql.db.queues import StatementQueue
from ecoctrl_gql.db.statements import Statement
from ecoctrl_gql.db.tasks import Task, grouped

if TYPE_CHECKING:
    from ecoctrl_gql.db.repositories import Repositories

ResultT = TypeVar("ResultT")

CHECKOUT_TIMEOUT_S = 5.0
"""How long a request waits for a free connection before it is told to try again."""

RECONNECT_TIMEOUT_S = 5.0
"""
How long the pool tries again by itself to connect, more and more rarely; then the next request makes it try.

Short, so that a database that was away for long is found again at once.
"""

INSERTING = 2
"""Connections that insert what requests insert at the same time; the fewer, the more go in one statement."""


class Runner(Protocol):
    """Something that statements run on: the pool, or the connection of a transaction."""

    async def fetch(self, statement: Statement[ResultT], parameters: Mapping[str, Any]) -> list[ResultT]:
        """Run a statement and give what it makes of each row."""
        ...

    async def fetch_short(
        self, statement: Statement[ResultT], parameters: Mapping[str, Any]
    ) -> list[ResultT]:
        """Run a statement that gives few rows, perhaps in one with others of its kind."""
        ...

    async def fetch_by(
        self, statement: Statement[ResultT], by: str, keys: Sequence[Hashable]
    ) -> Mapping[Hashable, list[ResultT]]:
        """Run a statement that selects by a parameter ``keys``; its rows by the attribute ``by``."""
        ...

    async def insert(
        self, one: Statement[ResultT], many: Statement[ResultT], key: str, values: Mapping[str, Any]
    ) -> ResultT:
        """Insert a row by ``one``, or along with others by ``many``; see `StatementQueue.insert`."""
        ...


class Database:
    """
    A pool of connections in autocommit mode.

    A statement is one round trip: no BEGIN, no ping, and its connection is held only while it runs. The reads
    of all requests share half of the connections, and what they have in common (`StatementQueue`); single
    writes go through a queue of their own. Writes that belong together run in `transaction`.
    """

    def __init__(self, conninfo: str, *, pool_size: int = 8, statement_timeout_s: float = 30.0) -> None:
        self.conninfo = conninfo
        self._pool = AsyncConnectionPool(
            conninfo,
            min_size=min(2, pool_size),
            max_size=pool_size,
            timeout=CHECKOUT_TIMEOUT_S,
            reconnect_timeout=RECONNECT_TIMEOUT_S,
            open=False,
            configure=configure,
            kwargs={
                "autocommit": True,
                "application_name": "ecoctrl",
                "options": f"-c timezone=UTC -c statement_timeout={round(statement_timeout_s * 1000)}",
            },
        )
        half = max(1, pool_size // 2)
        self._reads = StatementQueue(half, self._run_all)
        self._writes = StatementQueue(half, self._run_all, at_once=half)
        self._inserts = StatementQueue(INSERTING, self._run_all)

    async def open(self) -> None:
        """Connect; a database that is away does not prevent it, for requests make it try again."""
        await self._pool.open(wait=False)

    async def close(self) -> None:
        """Let the statements that are at work end, and disconnect."""
        await asyncio.gather(*(queue.close() for queue in (self._reads, self._writes, self._inserts)))
        await self._pool.close()

    def repositories(self) -> "Repositories":
        """Fresh repositories, whose loaders have read nothing yet."""
        return _repositories_class()(self)

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[AsyncConnection]:
        """
        A connection of one's own for as long as the block runs.

        Raises:
            UnavailableError: None is free, or the database is away.
        """
        with our_errors:
            async with self._pool.connection() as connection:
                yield connection

    async def fetch(self, statement: Statement[ResultT], parameters: Mapping[str, Any]) -> list[ResultT]:
        if is_read(statement):
            return await self._read(self._reads.rows, statement, parameters)
        with our_errors:
            return await self._writes.rows(statement, parameters, shared=False)

    # Not async: handing on the inner coroutine saves one for each read.
    def fetch_short(
        self, statement: Statement[ResultT], parameters: Mapping[str, Any]
    ) -> Coroutine[Any, Any, list[ResultT]]:
        return self._read(self._reads.short_list, statement, parameters)

    def fetch_by(
        self, statement: Statement[ResultT], by: str, keys: Sequence[Hashable]
    ) -> Coroutine[Any, Any, Mapping[Hashable, list[ResultT]]]:
        return self._read(self._reads.rows_by, statement, by, keys)

    async def insert(
        self, one: Statement[ResultT], many: Statement[ResultT], key: str, values: Mapping[str, Any]
    ) -> ResultT:
        with our_errors:
            return await self._inserts.insert(one, many, key, values)

    async def _read(self, ask: Callable[..., Awaitable[ResultT]], *given: Any) -> ResultT:
        """
        Ask, and once more where the connection turns out to be gone.

        It may have died while it lay in the pool, as all do when the server starts anew. Only reads are
        repeated: of a write nobody knows whether it took effect.
        """
        with our_errors:
            try:
                return await ask(*given)
            except psycopg.OperationalError as error:
                if not lost_connection(error):
                    raise
                await self._pool.check()
                return await ask(*given)

    async def _run_all(self, next_task: Callable[[], Task | None]) -> None:
        """Carry out statements on one connection until none waits; it is held no longer."""
        async with self._pool.connection() as connection:

            async def execute(statement: Statement[Any], parameters: Mapping[str, Any]) -> list[Any]:
                return await self._run(connection, statement, parameters)

            while not connection.broken and (task := next_task()) is not None:
                await task.run(execute)

    async def _run(
        self, connection: AsyncConnection, statement: Statement[ResultT], parameters: Mapping[str, Any]
    ) -> list[ResultT]:
        return await fetch(connection, statement, parameters)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator["Repositories"]:
        """
        Repositories whose statements take effect together at the end of the block, or not at all.

        They share one connection, so await their methods one by one.
        """
        async with self.connection() as connection, connection.transaction():
            yield _repositories_class()(Transaction(connection))


class Transaction:
    """A `Runner` on the one connection of a transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def fetch(self, statement: Statement[ResultT], parameters: Mapping[str, Any]) -> list[ResultT]:
        with our_errors:
            return await fetch(self._connection, statement, parameters)

    async def fetch_short(
        self, statement: Statement[ResultT], parameters: Mapping[str, Any]
    ) -> list[ResultT]:
        return await self.fetch(statement, parameters)

    async def fetch_by(
        self, statement: Statement[ResultT], by: str, keys: Sequence[Hashable]
    ) -> Mapping[Hashable, list[ResultT]]:
        return grouped(await self.fetch(statement, {"keys": keys}), by)

    async def insert(
        self, one: Statement[ResultT], many: Statement[ResultT], key: str, values: Mapping[str, Any]
    ) -> ResultT:
        del many, key  # on the one connection of a transaction no other insert waits
        return (await self.fetch(one, values))[0]


@cache
def _repositories_class() -> "type[Repositories]":
    from ecoctrl_gql.db.repositories import Repositories  # they run on these classes

    return Repositories


async def fetch(
    connection: AsyncConnection, statement: Statement[ResultT], parameters: Mapping[str, Any]
) -> list[ResultT]:
    # no `async with`: a client-side cursor holds nothing that would have to be given back
    cursor = connection.cursor(row_factory=lambda _: statement.make)
    await cursor.execute(statement.text, parameters)
    return await cursor.fetchall()


def is_read(statement: Statement[Any]) -> bool:
    """Whether a statement changes nothing, so that it may be shared and repeated."""
    return not statement.writes and statement.text.startswith(("SELECT", "WITH"))


def lost_connection(error: psycopg.OperationalError) -> bool:
    """Whether an error says that the connection is gone, not that the statement failed or none was free."""
    if isinstance(error, PoolTimeout):
        return False
    return error.sqlstate is None or error.sqlstate.startswith(("08", "57P"))  # connection, shutdown


async def configure(connection: AsyncConnection) -> None:
    """What every connection of the pool has in common."""
    connection.adapters.register_loader("uuid", TextLoader)  # keys travel as text
    set_json_loads(orjson.loads, connection)
    set_json_dumps(orjson.dumps, connection)
    connection.prepared_max = 500
