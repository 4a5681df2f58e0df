"""The types of Relay connections, and the records behind them."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import strawberry
from strawberry import Parent

from ecoctrl_gql.api.access import ANYONE
from ecoctrl_gql.api.cursors import encode_cursor
from ecoctrl_gql.db.base import Base
from ecoctrl_gql.db.keyset import Order
from ecoctrl_gql.db.repositories.base import Page

NodeT = TypeVar("NodeT")

EMPTY: Page[Any] = Page([], has_previous=False, has_next=False)


@dataclass(slots=True)
class EdgeRecord:
    node: Base
    order: Order

    @property
    def cursor(self) -> str:
        return encode_cursor(self.node, self.order)


@dataclass(slots=True)
class ConnectionRecord:
    """What lies behind a connection; cursors and the count are worked out where they are selected."""

    page: Page[Any]
    order: Order
    count: Callable[[], Awaitable[int]]

    @property
    def nodes(self) -> list[Base]:
        return self.page.records

    @property
    def edges(self) -> list[EdgeRecord]:
        return [EdgeRecord(record, self.order) for record in self.page.records]

    @property
    def page_info(self) -> "ConnectionRecord":
        return self

    @property
    def has_next_page(self) -> bool:
        return self.page.has_next

    @property
    def has_previous_page(self) -> bool:
        return self.page.has_previous

    @property
    def start_cursor(self) -> str | None:
        return encode_cursor(self.page.records[0], self.order) if self.page.records else None

    @property
    def end_cursor(self) -> str | None:
        return encode_cursor(self.page.records[-1], self.order) if self.page.records else None


@strawberry.type(
    description="Where a page stands in its list.", directives=[ANYONE]
)  # guarded at the field and at the nodes
class PageInfo:
    has_next_page: bool = strawberry.field(description="Whether the list goes on after the page.")
    has_previous_page: bool = strawberry.field(description="Whether the list has something before the page.")
    start_cursor: str | None = strawberry.field(description="The cursor of the page's first item.")
    end_cursor: str | None = strawberry.field(description="The cursor of the page's last item.")


@strawberry.type(
    description="An item of a list, and its place in it.", directives=[ANYONE]
)  # guarded at the field and at the nodes
class Edge(Generic[NodeT]):
    cursor: str = strawberry.field(description="The item's place: for `after` and `before`.")
    node: NodeT = strawberry.field(description="The item.")


@strawberry.type(
    description="A page of a list.", directives=[ANYONE]
)  # guarded at the field and at the nodes
class Connection(Generic[NodeT]):
    nodes: list[NodeT] = strawberry.field(description="The page's items, in the list's order.")
    edges: list[Edge[NodeT]] = strawberry.field(description="The page's items with their cursors.")
    page_info: PageInfo = strawberry.field(description="Where the page stands in the list.")

    @strawberry.field(description="How many items the whole list has, filter applied; counted when selected.")
    async def total_count(connection: Parent[ConnectionRecord]) -> int:
        return await connection.count()
