"""
Running coroutines: at once as far as they go, then together.

What never waits is finished within the call, without a task and without an event loop.
Functions of the application run in one task from start to end (``asyncio.timeout`` and context
variables rely on it); only the engine's own coroutines move from the request's task to another.
"""

import asyncio
from collections.abc import Awaitable, Coroutine, Generator, Iterable
from functools import lru_cache
from types import GeneratorType
from typing import Any, Generic, TypeVar

from graphql.pyutils import gather_with_cancel

Result = TypeVar("Result")

KINDS = 1024
"""Types of values of which it is remembered at most how they behave."""


class Suspended(Generic[Result]):
    """A coroutine that has been run up to its first suspension; awaiting it runs the rest."""

    __slots__ = ("_coroutine", "_pending")

    def __init__(self, coroutine: Coroutine[Any, Any, Result], pending: Any) -> None:
        self._coroutine = coroutine
        self._pending = pending
        _mark_awaited(pending, False)

    def __await__(self) -> Generator[Any, Any, Result]:
        coroutine, pending = self._coroutine, self._pending
        _mark_awaited(pending, True)
        try:
            while True:
                try:
                    sent = yield pending
                except BaseException as error:  # a cancellation belongs to the coroutine
                    pending = coroutine.throw(error)
                else:
                    pending = coroutine.send(sent)
        except StopIteration as done:
            result: Result = done.value
            return result


def _mark_awaited(pending: Any, is_awaited: bool) -> None:
    """
    Take off or put on the mark by which a task knows that it was given a future to wait for.

    A task takes it off at once. Until there is a task, others must be able to await the same future.
    """
    if asyncio.isfuture(pending):
        pending._asyncio_future_blocking = is_awaited


def start(coroutine: Coroutine[Any, Any, Result]) -> Result | Suspended[Result]:
    """Run a coroutine up to its first suspension: its result if it has none, else the rest of it."""
    try:
        pending = coroutine.send(None)
    except StopIteration as done:
        result: Result = done.value
        return result
    return Suspended(coroutine, pending)


async def together(coroutines: Iterable[Coroutine[Any, Any, Result]]) -> list[Result]:
    """The results of all, each started in order at once and those that wait waiting concurrently."""
    results: list[Any] = [start(coroutine) for coroutine in coroutines]
    waiting = [index for index, result in enumerate(results) if type(result) is Suspended]
    if len(waiting) == 1:
        results[waiting[0]] = await results[waiting[0]]
    elif waiting:
        await _event_loop()
        done = await gather_with_cancel(*[_rest(results[index]) for index in waiting])
        for index, result in zip(waiting, done, strict=True):
            results[index] = result
    return results


async def in_own_task(coroutine: Coroutine[Any, Any, Result]) -> Result:
    await _event_loop(coroutine)
    return await asyncio.ensure_future(coroutine)


async def outcomes(awaitables: list[Awaitable[Any]], alone: bool) -> list[Any]:
    """
    The results of all, awaited concurrently; an exception stands for what failed.

    Args:
        awaitables: What to await.
        alone: Nothing else of the request runs meanwhile, so that a single awaitable needs no task.
    """
    await _event_loop(*awaitables)
    if alone and len(awaitables) == 1:
        return [await outcome(awaitables[0])]
    if all(type(awaitable) is asyncio.Future for awaitable in awaitables):
        # Somebody else works on futures, a loader's batch for instance: no task is needed to wait.
        return [await outcome(future) for future in awaitables]
    results = await asyncio.gather(*awaitables, return_exceptions=True)
    for result in results:
        if isinstance(result, BaseException) and not isinstance(result, Exception):
            raise result
    return results


def suspends(kinds: Iterable[type]) -> bool:
    """Whether values of these types may have to be awaited."""
    return any(map(_suspends, kinds))


@lru_cache(maxsize=KINDS)
def _suspends(kind: type) -> bool:
    return hasattr(kind, "__await__") or kind is GeneratorType


async def outcome(awaitable: Awaitable[Any]) -> Any:
    """The result; an exception stands for a failure."""
    try:
        return await awaitable
    except Exception as error:  # becomes the error of its field
        return error


async def _rest(suspended: Suspended[Result]) -> Result:
    return await suspended


async def _event_loop(*awaitables: Awaitable[Any]) -> None:
    """
    Suspend until an event loop drives: an operation may be started before there is one.

    If it never comes, the coroutines that were waiting for it are closed.
    """
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        pass
    else:
        return
    try:
        await asyncio.sleep(0)
    except BaseException:
        for awaitable in awaitables:
            if asyncio.iscoroutine(awaitable):
                awaitable.close()
        raise
