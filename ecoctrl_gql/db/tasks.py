"""What waits for a connection: statements, and everybody who wants to know what they give."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any, Protocol, TypeAlias, TypeVar

import psycopg

from ecoctrl_gql.db.operands import array_of
from ecoctrl_gql.db.statements import Statement, joined, joined_parameters

ResultT = TypeVar("ResultT")

Execute: TypeAlias = Callable[[Statement[Any], Mapping[str, Any]], Awaitable[list[Any]]]
"""Runs a statement on a connection."""

MAX_KEYS = 1000
"""Keys that one statement looks up for several requests."""

_values = itemgetter(slice(1, None))


class Task(Protocol):
    """Something that waits for a connection."""

    async def run(self, execute: Execute) -> None:
        """Carry it out and tell those who wait; never raises."""
        ...


class WholeTask:
    """A statement with its values, and everybody who waits for its rows."""

    def __init__(self, statement: Statement[Any], parameters: Mapping[str, Any]) -> None:
        self.waiting: list[asyncio.Future[list[Any]]] = []
        self.parameters = parameters
        self._statement = statement

    @property
    def is_over(self) -> bool:
        """Whether nobody waits any more."""
        return all(future.done() for future in self.waiting)

    async def run(self, execute: Execute) -> None:
        if self.is_over:
            return
        try:
            rows = await execute(self._statement, self.parameters)
        except Exception as error:
            _fail(self.waiting, error)
        else:
            self.tell(rows)

    def tell(self, rows: list[Any]) -> None:
        for future in self.waiting:
            if not future.done():
                future.set_result(rows)


class JointTask:
    """
    Lists that differ in their values alone, read by one statement, which costs little more than one of them.

    Where that fails, or takes too long, each is carried out by itself, and only those fail that would have
    anyway.
    """

    def __init__(self, statement: Statement[Any]) -> None:
        self.members: dict[Hashable, WholeTask] = {}
        self.statement = statement

    async def run(self, execute: Execute) -> None:
        wanted = [member for member in self.members.values() if not member.is_over]
        if len(wanted) > 1:
            try:
                await self._together(execute, wanted)
            except psycopg.errors.QueryCanceled:  # one of them may have taken all the time
                await self._alone(execute, wanted)
            except psycopg.OperationalError as error:  # the connection's
                for member in wanted:
                    _fail(member.waiting, error)
            except Exception:
                await self._alone(execute, wanted)
        else:
            await self._alone(execute, wanted)

    async def _together(self, execute: Execute, wanted: Sequence[WholeTask]) -> None:
        parameters = joined_parameters([member.parameters for member in wanted])
        found = await execute(joined(self.statement, len(wanted)), parameters)
        make = self.statement.make
        lists: list[list[Any]] = [[] for _ in wanted]
        for place, rows in groupby(found, itemgetter(0)):
            lists[place] += map(make, map(_values, rows))
        for member, rows_of_one in zip(wanted, lists, strict=True):
            member.tell(rows_of_one)

    @staticmethod
    async def _alone(execute: Execute, wanted: Sequence[WholeTask]) -> None:
        for member in wanted:
            await member.run(execute)


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
            rows = await execute(self._statement, {"keys": array_of(keys)})
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
