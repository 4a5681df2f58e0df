"""
The statements of all requests, gathered on a few connections.

Rows that several requests want by key come in one statement, short lists of the same kind too, and a read
that waits already is not asked twice. A request never reads older data than its own statement would have:
only what has not been sent yet is shared. Rights are checked before anything is read, so a record may serve
whoever waits for it.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from typing import Any, TypeVar

from psycopg_pool import PoolClosed

from ecoctrl_gql.db.statements import Statement, most_joined
from ecoctrl_gql.db.tasks import MAX_KEYS, Execute, InsertTask, JointTask, KeyedTask, Task, WholeTask
from ecoctrl_gql.tasks import end

ResultT = TypeVar("ResultT")

AT_ONCE = 2
"""Connections that begin at once with what comes; the fewer, the more is shared."""

END_WITHIN_S = 5.0
"""How long statements that are at work may take when the server ends."""

PATIENCE_S = 0.002
"""How long statements wait behind others, most of which take less, before another connection joins in."""


class StatementQueue:
    """
    The statements that wait, and the few workers that carry them out.

    Some connections begin at once; the others join in when statements have waited for a moment, behind slow
    ones.

    Args:
        connections: How many connections may be at work at the same time.
        run_all: Carries out tasks on one connection for as long as the function it is given has one.
        at_once: How many connections begin at once; all of them where nothing is shared.
    """

    def __init__(
        self,
        connections: int,
        run_all: Callable[[Callable[[], Task | None]], Awaitable[None]],
        at_once: int = AT_ONCE,
    ) -> None:
        self._connections, self._run_all = connections, run_all
        self._at_once = min(at_once, connections)
        self._waiting: OrderedDict[Hashable, Task] = OrderedDict()
        self._lists: dict[Hashable, WholeTask] = {}
        self._joint: dict[str, list[JointTask]] = {}
        self._workers: set[asyncio.Task[None]] = set()
        self._working = 0
        self._starting = 0
        self._reinforcement: asyncio.TimerHandle | None = None
        self._is_closing = False

    def rows(
        self, statement: Statement[ResultT], parameters: Mapping[str, Any], *, shared: bool = True
    ) -> "asyncio.Future[list[ResultT]]":
        """The rows of a statement; asked once for all who wait for the same, unless it isn't to be shared."""
        identity = _identity(statement, parameters) if shared else object()
        task = self._waiting.get(identity)
        if not isinstance(task, WholeTask):
            task = self._waiting[identity] = WholeTask(statement, parameters)
        future: asyncio.Future[list[ResultT]] = asyncio.get_running_loop().create_future()
        task.waiting.append(future)
        self._wake()
        return future

    def short_list(
        self, statement: Statement[ResultT], parameters: Mapping[str, Any]
    ) -> "asyncio.Future[list[ResultT]]":
        """The few rows of a statement, perhaps in one with others that differ in their values alone."""
        identity = _identity(statement, parameters)
        task = self._lists.get(identity)
        if task is None:
            task = self._lists[identity] = WholeTask(statement, parameters)
            self._join(statement, identity, task)
        future: asyncio.Future[list[ResultT]] = asyncio.get_running_loop().create_future()
        task.waiting.append(future)
        self._wake()
        return future

    def _join(self, statement: Statement[Any], identity: Hashable, task: WholeTask) -> None:
        """
        Put a list to those that are made by the same statement and can take one more.

        There are as many such tasks as there are idle connections that begin at once, so that no list waits
        for another without need.
        """
        joint = self._joint.setdefault(statement.text, [])
        idle = self._at_once - self._working + self._starting
        if len(joint) < max(1, idle):
            self._waiting[object()] = fewest = JointTask(statement)
            joint.append(fewest)
        else:
            fewest = min(joint, key=lambda task: len(task.members))
        fewest.members[identity] = task
        if len(fewest.members) >= most_joined(statement):
            self._close(fewest)

    def _close(self, task: JointTask) -> None:
        """Let a task take no more lists."""
        joint = self._joint.get(task.statement.text, [])
        if task in joint:
            joint.remove(task)
        if not joint:
            self._joint.pop(task.statement.text, None)

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

    async def close(self) -> None:
        """
        End. What is at work is given a moment, then cancelled; whoever waits still is told.

        A worker that outlived the pool would leave its connection open, for nobody takes it back.
        """
        if self._reinforcement is not None:
            self._reinforcement.cancel()
            self._reinforcement = None
        self._is_closing = True
        try:
            if self._workers:
                await asyncio.wait(self._workers, timeout=END_WITHIN_S)
            await end(*self._workers)
            while (task := self._next()) is not None:
                await task.run(_raising(PoolClosed("the server ends")))
        finally:
            self._is_closing = False

    def _wake(self) -> None:
        if self._is_closing:
            return
        # Those at work may be so for long, so they don't count; those that are about to begin do.
        if self._working == self._connections or self._starting >= len(self._waiting):
            return
        if self._working < self._at_once:
            self._begin()
        elif self._reinforcement is None:
            self._reinforcement = asyncio.get_running_loop().call_later(PATIENCE_S, self._reinforce)

    def _reinforce(self) -> None:
        self._reinforcement = None
        if self._working < self._connections and self._starting < len(self._waiting):
            self._begin()
            self._wake()

    def _begin(self) -> None:
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
        if not self._waiting:
            return None
        task = self._waiting.popitem(last=False)[1]
        if isinstance(task, JointTask):
            for identity in task.members:
                del self._lists[identity]
            self._close(task)
        return task


def _raising(error: Exception) -> Execute:
    async def execute(*_: Any) -> list[Any]:
        raise error

    return execute


def _identity(statement: Statement[Any], parameters: Mapping[str, Any]) -> Hashable:
    return statement.text, *map(_hashable, parameters.values())


def _hashable(value: Any) -> Hashable:
    return tuple(value) if isinstance(value, list) else value
