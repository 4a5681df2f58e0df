"""Lists that can grow: Relay connections with keyset cursors, filters and orders."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from inspect import signature
from typing import Annotated, Any, TypeVar

import strawberry
from strawberry import UNSET, Info

from ecoctrl_gql.api.access import Access
from ecoctrl_gql.api.connection import EMPTY, Connection, ConnectionRecord
from ecoctrl_gql.api.cursors import decode_cursor
from ecoctrl_gql.api.filters import condition_of, filter_input
from ecoctrl_gql.api.node import READS, row_of_type
from ecoctrl_gql.api.ordering import order_input, order_of
from ecoctrl_gql.api.selection import CONNECTION, selected_columns, selects
from ecoctrl_gql.db.base import Base
from ecoctrl_gql.db.conditions import All, Condition
from ecoctrl_gql.db.keyset import Order, Window
from ecoctrl_gql.db.records import Columns, keys_of
from ecoctrl_gql.db.repositories.base import Page, load_each
from ecoctrl_gql.engine import batched
from ecoctrl_gql.errors import BadInputError

ValueT = TypeVar("ValueT")

DEFAULT_PAGE = 50
MAX_PAGE = 1000


@dataclass(frozen=True, slots=True)
class PageArguments:
    """The arguments that all connections take."""

    first: int | None
    after: str | None
    last: int | None
    before: str | None

    def window(self, row_type: type[Base], order: Order, max_page: int) -> Window:
        """
        The stretch of the list that they ask for.

        Raises:
            BadInputError: A number is out of range, both ends are asked for, or a cursor doesn't fit.
        """
        if self.first is not None and self.last is not None:
            raise BadInputError("Give either first or last, not both.")
        limit = self.first if self.last is None else self.last
        if limit is not None and not 0 <= limit <= max_page:
            raise BadInputError(f"first and last can be 0 to {max_page}, not {limit}.")
        return Window(
            order,
            DEFAULT_PAGE if limit is None else limit,
            backward=self.last is not None,
            after=None if self.after is None else decode_cursor(self.after, row_type, order),
            before=None if self.before is None else decode_cursor(self.before, row_type, order),
        )


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an operation wants of a list; no columns where it doesn't look at a page."""

    window: Window
    condition: Condition
    columns: Columns | None


Load = Callable[[Sequence[Any], Info[Any, Any], Wanted], Awaitable[list[ConnectionRecord]]]
"""Gives the connections of all parents."""


@dataclass(frozen=True, slots=True)
class Narrowing:
    """
    What holds a list to some of the rows besides its filter, such as to those of the caller.

    Attributes:
        condition: Gives the condition, by the value of the argument; None where it was left out.
        argument: The argument that the list takes for it, if any: its name, type and description.
    """

    condition: Callable[[Info[Any, Any], Any], Awaitable[Condition]]
    argument: tuple[str, Any, str] | None = None

    async def applied(self, info: Info[Any, Any], wanted: Wanted, value: Any) -> Wanted:
        return replace(wanted, condition=All((await self.condition(info, value), wanted.condition)))


class Listing:
    """
    How a type of a table is listed: by which columns it can be filtered and ordered.

    Args:
        node: The GraphQL type.
        filters: The columns that a filter can name.
        orders: The columns that it can be ordered by; each needs an index.
        default: The order where none is asked for.
        max_page: The largest page.
    """

    def __init__(
        self,
        node: type[Any],
        *,
        filters: tuple[str, ...],
        orders: tuple[str, ...],
        default: Order,
        max_page: int = MAX_PAGE,
    ) -> None:
        self.node, self.default, self.max_page = node, default, max_page
        self.row_type = row_of_type(node)
        self.filter_type = filter_input(node, filters)
        self.order_type = order_input(node, orders)

    def field(
        self, description: str, *, rule: Access | None = None, narrowing: Narrowing | None = None
    ) -> Any:
        """A field that lists all of the table, or what a narrowing leaves of it."""

        async def load(_: Sequence[Any], info: Info[Any, Any], wanted: Wanted) -> list[ConnectionRecord]:
            repository = info.context.repos.of(self.row_type)
            window, condition = wanted.window, wanted.condition
            page = EMPTY
            if wanted.columns is not None:
                page = await repository.page(window, condition, wanted.columns)
            return [ConnectionRecord(page, window.order, partial(repository.count, condition))]

        return self._field(load, description, rule, narrowing)

    def field_of(self, by: str, description: str, *, rule: Access | None = None) -> Any:
        """A field of another type that lists what refers to it by a foreign key, for all parents at once."""

        async def load(
            records: Sequence[Base], info: Info[Any, Any], wanted: Wanted
        ) -> list[ConnectionRecord]:
            repository, keys = info.context.repos.of(self.row_type), keys_of(records)
            window, condition = wanted.window, wanted.condition
            pages: Sequence[Page[Any]] = [EMPTY] * len(keys)
            if wanted.columns is not None:
                loader = repository.pages_by(by, window, condition, wanted.columns)
                pages = await load_each(loader, keys)
            counts = repository.count_by(by, condition)
            return [
                ConnectionRecord(page, window.order, partial(counts.load, key))
                for key, page in zip(keys, pages, strict=True)
            ]

        return self._field(load, description, rule)

    def _wanted(
        self, info: Info[Any, Any], arguments: PageArguments, given_filter: Any, given_order: Any
    ) -> Wanted:
        window = arguments.window(self.row_type, order_of(given_order, self.default), self.max_page)
        looks = selects(info, "nodes", "edges", "pageInfo")
        columns = selected_columns(info, self.node, CONNECTION) if looks else None
        return Wanted(window, condition_of(given_filter), columns)

    def _field(
        self, load: Load, description: str, rule: Access | None, narrowing: Narrowing | None = None
    ) -> Any:
        async def resolve(
            records: Sequence[Any],
            info: Info[Any, Any],
            first: int | None = UNSET,
            after: str | None = UNSET,
            last: int | None = UNSET,
            before: str | None = UNSET,
            filter: Any = UNSET,
            order_by: Any = UNSET,
            narrow_by: Any = UNSET,
        ) -> list[ConnectionRecord]:
            arguments = PageArguments(_given(first), _given(after), _given(last), _given(before))
            wanted = self._wanted(info, arguments, filter, order_by)
            if narrowing is not None:
                wanted = await narrowing.applied(info, wanted, _given(narrow_by))
            if wanted.columns is not None:
                info.context.spend_rows(len(records) * wanted.window.limit)
            return await load(records, info, wanted)

        resolve.__annotations__ |= self._arguments()
        _declare(resolve, None if narrowing is None else narrowing.argument)
        return strawberry.field(
            resolver=batched(resolve),
            graphql_type=Connection[self.node],  # type: ignore[name-defined]  # known when it runs
            description=description,
            metadata={READS: ()},
            directives=[] if rule is None else [rule],
        )

    def _arguments(self) -> dict[str, Any]:
        """The annotations of a list's arguments; the types of two of them are its own."""
        name = self.node.__strawberry_definition__.name
        first = (
            f"How many from the start, or after `after`: {DEFAULT_PAGE} by default, at most {self.max_page}."
        )
        return {
            "first": _argument(int, first),
            "after": _argument(str, "Begin after the item with this cursor."),
            "last": _argument(int, "How many from the end, or before `before`; instead of `first`."),
            "before": _argument(str, "End before the item with this cursor."),
            "filter": _argument(self.filter_type, f"Which {name} to list; all by default."),
            "order_by": _argument(self.order_type, "The order of the list."),
        }


def _declare(resolve: Any, narrow_by: tuple[str, Any, str] | None) -> None:
    """Name the argument of a narrowing, or take it out of the signature that Strawberry reads."""
    if narrow_by is not None:
        name, type_, description = narrow_by
        told = strawberry.argument(name=name, description=description)
        resolve.__annotations__["narrow_by"] = Annotated[type_ | None, told]
        return
    own = signature(resolve)
    resolve.__signature__ = own.replace(
        parameters=[each for each in own.parameters.values() if each.name != "narrow_by"]
    )


def _given(value: ValueT | None) -> ValueT | None:
    """The value of an argument, None where it was left out."""
    return None if value is UNSET else value


def _argument(type_: type[Any], description: str) -> Any:
    return Annotated[type_ | None, strawberry.argument(description=description)]
