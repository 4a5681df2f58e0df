"""
What happened to a device: its alerts and faults in one list.

Both tables are ordered by time and key, and a key is unique among both. So a place in the list is one in
either table, and a page of the list is the head of a page of each, merged.
"""

from collections.abc import Sequence
from itertools import chain
from typing import Annotated, Any

import strawberry
from strawberry import UNSET, Info

from ecoctrl_gql.alerts.types import Alert
from ecoctrl_gql.api.access import VIEWERS
from ecoctrl_gql.api.connection import Connection, ConnectionRecord
from ecoctrl_gql.api.cursors import decode_cursor
from ecoctrl_gql.api.listing import DEFAULT_PAGE, MAX_PAGE, PageArguments
from ecoctrl_gql.api.node import row_of_type
from ecoctrl_gql.api.selection import CONNECTION, selected_columns
from ecoctrl_gql.db.conditions import Compare, Operator
from ecoctrl_gql.db.keyset import Order, Position, Window
from ecoctrl_gql.db.repositories.base import Page
from ecoctrl_gql.db.tables import AlertRow, FaultRow
from ecoctrl_gql.errors import BadInputError
from ecoctrl_gql.faults.types import Fault

DeviceEvent = Annotated[
    Alert | Fault, strawberry.union("DeviceEvent", description="Something that happened to a device.")
]
TYPES = (Alert, Fault)
ORDER = Order("time", descending=True)


def _argument(type_: Any, description: str) -> Any:
    return Annotated[type_, strawberry.argument(description=description)]


async def _resolve(
    info: Info[Any, Any],
    device: str,
    first: int | None = UNSET,
    after: str | None = UNSET,
    last: int | None = UNSET,
    before: str | None = UNSET,
) -> ConnectionRecord:
    window = _window(first, after, last, before)
    condition = Compare("device", Operator.EQ, device)
    repositories = [(info.context.repos.of(row_of_type(node)), node) for node in TYPES]

    async def count() -> int:
        return sum([await repository.count(condition) for repository, _ in repositories])

    pages = [
        await repository.page(window, condition, selected_columns(info, node, CONNECTION))
        for repository, node in repositories
    ]
    return ConnectionRecord(_merged(pages, window), ORDER, count)


def _window(first: int | None, after: str | None, last: int | None, before: str | None) -> Window:
    size = PageArguments(None if first is UNSET else first, None, None if last is UNSET else last, None)
    page = size.window(AlertRow, ORDER, MAX_PAGE)
    return Window(ORDER, page.limit, page.backward, _position(after), _position(before))


def _position(cursor: str | None) -> Position | None:
    """The place that the cursor of an alert or of a fault names."""
    if cursor is None or cursor is UNSET:
        return None
    try:
        return decode_cursor(cursor, AlertRow, ORDER)
    except BadInputError:
        return decode_cursor(cursor, FaultRow, ORDER)


def _merged(pages: Sequence[Page[Any]], window: Window) -> Page[Any]:
    found = sorted(
        chain.from_iterable(page.records for page in pages),
        key=lambda record: (record.time, record.id),
        reverse=True,
    )
    more = len(found) > window.limit
    if window.backward:
        kept = found[-window.limit :] if window.limit else []
        before = more or any(page.has_previous for page in pages)
        return Page(kept, has_previous=before, has_next=window.before is not None)
    after = more or any(page.has_next for page in pages)
    return Page(found[: window.limit], has_previous=window.after is not None, has_next=after)


_resolve.__annotations__ |= {
    "device": _argument(str, "The device, by the name that its alerts and faults have."),
    "first": _argument(
        int | None,
        f"How many from the start, or after `after`: {DEFAULT_PAGE} by default, at most {MAX_PAGE}.",
    ),
    "after": _argument(str | None, "Begin after the item with this cursor."),
    "last": _argument(int | None, "How many from the end, or before `before`; instead of `first`."),
    "before": _argument(str | None, "End before the item with this cursor."),
}


@strawberry.type
class DeviceQuery:
    device_history = strawberry.field(
        resolver=_resolve,
        graphql_type=Connection[DeviceEvent],
        description="What happened to a device, newest first: its alerts and faults in one list.",
        directives=[VIEWERS],
    )
