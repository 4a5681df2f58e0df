"""Calls for single parents that come together, answered by one call for all of them."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

from strawberry import Info

_Call: TypeAlias = Callable[[list[Any], Info[Any, Any], dict[str, Any]], Awaitable[list[Any]]]
_Place: TypeAlias = tuple[int, ...]


async def coalesced(call: _Call, info: Info[Any, Any], parent: Any, keywords: dict[str, Any]) -> Any:
    """
    The value for one parent, from a call shared with the other parents of the same field.

    Shared are calls of one request with equal arguments that are made before the event loop has come
    round to the call itself: those of resolvers that were started together.
    """
    raw = info._raw_info
    place = (id(asyncio.get_running_loop()), id(raw.async_helpers), id(raw.field_nodes[0]))
    groups = _waiting.setdefault(place, [])
    group = next((group for group in groups if group.keywords == keywords), None)
    if group is None:
        group = _Group(call, info, place, keywords)
        groups.append(group)
    return await group.value_for(parent)


class _Group:
    """
    Parents that wait for one call.

    While it waits it holds the request's ``info``, so that the ids in its place are nobody else's.
    """

    def __init__(self, call: _Call, info: Info[Any, Any], place: _Place, keywords: dict[str, Any]) -> None:
        self.keywords = keywords
        self._place = place
        self._parents: list[Any] = []
        self._interested = 0
        self._column = asyncio.ensure_future(self._values(call, info))

    async def value_for(self, parent: Any) -> Any:
        index = len(self._parents)
        self._parents.append(parent)
        self._interested += 1
        try:
            # One that gives up must not take the value from the others; the last to do so ends the call.
            return (await asyncio.shield(self._column))[index]
        finally:
            self._interested -= 1
            if not self._interested:
                self._column.cancel()

    async def _values(self, call: _Call, info: Info[Any, Any]) -> list[Any]:
        groups = _waiting[self._place]
        groups.remove(self)
        if not groups:
            del _waiting[self._place]
        return await call(self._parents, info, self.keywords)


_waiting: dict[_Place, list[_Group]] = {}
