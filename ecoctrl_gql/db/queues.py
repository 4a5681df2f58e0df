"""
The statements of all requests, gathered on a few connections.

Rows that several requests want by key come in one statement, and a read that waits already is not asked
twice. A request never reads older data than its own statement would have: only what has not been sent yet
is shared. Rights are checked before anything is read, so a record may serve whoever waits for it.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from typing import Any, Protocol, TypeAlias, TypeVar

import psycopg

from ecoctrl_gql.db.statements import Statement

ResultT = TypeVar("ResultT")

Execute: TypeAlias = Callable[[Statement[Any], Mapping[str, Any]], Awaitable[list[Any]]]
"""Runs a statement on a connection."""

MAX_KEYS = 1000
"""Keys that one statement looks up for several requests."""


class Task(Protocol):
    """Something that waits for a connection."""

    async def run(self, execute: Execute) -> None:
        """Carry it out and tell those who wait; never raises."""
        ...


class WholeTask:
    """A statement with its values, and everybody who waits for its rows."""

    def __init__(self, statement: Statement[Any], parameters: Mapping[str, Any]) -> None:
        self.waiting: list[asyncio.Future[list[Any]]] = []
        self._statement, self._parameters = statement, parameters

    async def run(self, execute: Execute) -> None:
        if all(future.done() for future in self.waiting):  # cancelled
            return
        try:
            rows = await execute(self._statement, self._parameters)
        except Exception as error:
            _fail(self.waiting, error)
        else:
            for future in self.waiting:
                if not future.done():
                    future.set_result(rows)


class KeyedTask:
    """Rows by key, for everybody who wants some of them."""

    def __init__(self, statement: Statement[Any], by: str) -> None:
        self.waiting: list[tuple[Sequence[Hashable], asyncio.Future[dict[Hashable, list[Any]]]]] = []
        self.size = 0
        self._statement, self._by = statement, by

    def add(self, keys: Sequence[Hashable], future: "asyncio.Future[dict[Hashable, list[Any]]]") -> None:
        self.waiting.append((keys, future))
        self.size += len(keys)

    async def run(self, execute: Execute) -> None:
        wanted = [(keys, future) for keys, future in self.waiting if not future.done()]
        keys = list(dict.fromkeys(key for keys, _ in wanted for key in keys))
        if not keys:
            return
        try:
            rows = await execute(self._statement, {"keys": keys})
        except Exception as error:
            _fail([future for _, future in wanted], error)
            return
        rows_by_key = grouped(rows, self._by)
        for _, future in wanted:
            if not future.done():
                future.set_result(rows_by_key)


class InsertTask:
    """
    Rows that several requests insert, each with a key of its own.

    In one statement they cost one round trip and one commit. Where a row is refused that statement inserts
    nothing, so then each is inserted alone, and only the refused ones fail.
    """

    def __init__(self, one: Statement[Any], many: Statement[Any], key: str) -> None:
        self.waiting: list[tuple[Mapping[str, Any], asyncio.Future[Any]]] = []
        self._one, self._many, self._key = one, many, key

    async def run(self, execute: Execute) -> None:
        wanted = [(values, future) for values, future in self.waiting if not future.done()]
        if len(wanted) > 1:
            try:
                await self._together(execute, wanted)
            except psycopg.OperationalError as error:  # nobody knows whether it took effect
                _fail([future for _, future in wanted], error)
            except Exception:
                await self._alone(execute, wanted)
        else:
            await self._alone(execute, wanted)

    async def _together(self, execute: Execute, wanted: Sequence["Insert"]) -> None:
        lists = {name: [values[name] for values, _ in wanted] for name in wanted[0][0]}
        rows = {getattr(row, self._key): row for row in await execute(self._many, lists)}
        for values, future in wanted:
            if not future.done():
                future.set_result(rows[values[f"set_{self._key}"]])

    async def _alone(self, execute: Execute, wanted: Sequence["Insert"]) -> None:
        for values, future in wanted:
            try:
                rows = await execute(self._one, values)
            except Exception as error:
                _fail([future], error)
            else:
                if not future.done():
                    future.set_result(rows[0])


Insert: TypeAlias = "tuple[Mapping[str, Any], asyncio.Future[Any]]"


def grouped(rows: Sequence[ResultT], by: str) -> dict[Hashable, list[ResultT]]:
    """Rows by the value of an attribute, in their order."""
    groups: dict[Hashable, list[ResultT]] = {}
    for row in rows:
        groups.setdefault(getattr(row, by), []).append(row)
    return groups


def _fail(futures: Sequence["asyncio.Future[Any]"], error: Exception) -> None:
    for future in futures:
        if not future.done():
            future.set_exception(error)


class StatementQueue:
    """
    The statements that wait, and the few workers that carry them out.

    Args:
        connections: How many connections may be at work at the same time.
        run_all: Carries out tasks on one connection for as long as the function it is given has one.
    """

    def __init__(
        self, connections: int, run_all: Callable[[Callable[[], Task | None]], Awaitable[None]]
    ) -> None:
        self._connections, self._run_all = connections, run_all
        self._waiting: OrderedDict[Hashable, Task] = OrderedDict()
        self._workers: set[asyncio.Task[None]] = set()
        self._working = 0
        self._starting = 0

    def rows(
        self, statement: Statement[ResultT], parameters: Mapping[str, Any], *, shared: bool = True
    ) -> "asyncio.Future[list[ResultT]]":
        """The rows of a statement; asked once for all who wait for the same, unless it isn't to be shared."""
        identity = (statement.text, *map(_hashable, parameters.values())) if shared else object()
        task = self._waiting.get(identity)
        if not isinstance(task, WholeTask):
            task = self._waiting[identity] = WholeTask(statement, parameters)
        future: asyncio.Future[list[ResultT]] = asyncio.get_running_loop().create_future()
        task.waiting.append(future)
        self._wake()
        return future

    def rows_by(
        self, statement: Statement[ResultT], by: str, keys: Sequence[Hashable]
    ) -> "asyncio.Future[dict[Hashable, list[ResultT]]]":
        """The rows of a statement with a parameter ``keys``, by the attribute that is among them."""
        identity = statement.text
        task = self._waiting.get(identity)
        if not isinstance(task, KeyedTask) or task.size + len(keys) > MAX_KEYS:
            task = KeyedTask(statement, by)
            self._waiting[identity if identity not in self._waiting else object()] = task
        future: asyncio.Future[dict[Hashable, list[ResultT]]] = asyncio.get_running_loop().create_future()
        task.add(keys, future)
        self._wake()
        return future

    def insert(
        self, one: Statement[ResultT], many: Statement[ResultT], key: str, values: Mapping[str, Any]
    ) -> "asyncio.Future[ResultT]":
        """
        The row that a statement inserts, perhaps along with those of others.

        Args:
            one: Inserts a row of values ``set_…``.
            many: Inserts a row for each place in lists of them.
            key: The attribute that is the rows' key, which is among the values.
            values: The row.
        """
        task = self._waiting.get(many.text)
        if not isinstance(task, InsertTask) or len(task.waiting) >= MAX_KEYS:
            task = InsertTask(one, many, key)
            self._waiting[many.text if many.text not in self._waiting else object()] = task
        future: asyncio.Future[ResultT] = asyncio.get_running_loop().create_future()
        task.waiting.append((values, future))
        self._wake()
        return future

    def _wake(self) -> None:
        # Those at work may be so for long, so they don't count; those that are about to begin do.
        if self._working < self._connections and self._starting < len(self._waiting):
            self._working += 1
            self._starting += 1
            worker = asyncio.ensure_future(self._drain())
            self._workers.add(worker)  # the loop itself keeps no hold of it
            worker.add_done_callback(self._workers.discard)

    async def _drain(self) -> None:
        starting = True

        def next_task() -> Task | None:
            nonlocal starting
            self._starting -= starting
            starting = False
            return self._next()

        try:
            await self._run_all(next_task)
        except Exception as error:  # there is no connection: whoever waits is told, and may try again
            while (task := next_task()) is not None:
                await task.run(_raising(error))
        finally:
            self._working -= 1
            self._starting -= starting
            if self._waiting:  # came while the connection was given back
                self._wake()

    def _next(self) -> Task | None:
        return self._waiting.popitem(last=False)[1] if self._waiting else None


def _raising(error: Exception) -> Execute:
    async def execute(*_: Any) -> list[Any]:
        raise error

    return execute


def _hashable(value: Any) -> Hashable:
    return tuple(value) if isinstance(value, list) else value
