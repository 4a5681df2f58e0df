"""Root fields: one row by its id, the row of a single-row table, anything by its global id."""

from asyncio import gather
from typing import Annotated, Any

import strawberry
from strawberry import ID, Info

from ecoctrl_gql.api.access import Access, allows, check_type
from ecoctrl_gql.api.node import Node, owner_of, parse_any_id, parse_id, row_of_type, type_name, type_of_row
from ecoctrl_gql.api.selection import selected_columns
from ecoctrl_gql.db.base import Base
from ecoctrl_gql.errors import BadInputError

MAX_NODES = 100


def by_id(node: type[Any], description: str, *, rule: Access | None = None) -> Any:
    """A field that gives the row with a global id, or null."""
    row_type, name = row_of_type(node), node.__strawberry_definition__.name

    async def resolve(
        info: Info[Any, Any],
        id: Annotated[ID, strawberry.argument(description=f"The global id: one of type {name}.")],
    ) -> Any:
        return await _load(info, row_type, parse_id(row_type, id))

    return _root(resolve, node | None, description, rule)


def only_row(node: type[Any], description: str, *, rule: Access | None = None) -> Any:
    """A field that gives the row of a table that has one at most, or null."""
    row_type = row_of_type(node)

    async def resolve(info: Info[Any, Any]) -> Any:
        return await info.context.repos.of(row_type).only(selected_columns(info, node))

    return _root(resolve, node | None, description, rule)


def all_rows(node: type[Any], description: str, *, sort: str, rule: Access | None = None) -> Any:
    """A field that gives every row of a table that stays small, sorted by one column."""
    row_type = row_of_type(node)

    async def resolve(info: Info[Any, Any]) -> Any:
        return await info.context.repos.of(row_type).all(sort, selected_columns(info, node))

    return _root(resolve, list[node], description, rule)  # type: ignore[valid-type]  # known when it runs


def _root(resolve: Any, graphql_type: Any, description: str, rule: Access | None) -> Any:
    return strawberry.field(
        resolver=resolve,
        graphql_type=graphql_type,
        description=description,
        directives=[] if rule is None else [rule],
    )


def _named(info: Info[Any, Any], text: str) -> tuple[type[Base], Any]:
    """The table and the key that a global id names, for a caller who may read its type."""
    row_type, key = parse_any_id(text)
    check_type(info, type_name(row_type))
    return row_type, key


async def _load(info: Info[Any, Any], row_type: type[Base], key: Any) -> Base | None:
    columns = selected_columns(info, type_of_row(row_type))
    owned = owner_of(row_type)
    if owned is None or (owned.others is not None and allows(info.context.role, owned.others.role)):
        found: Base | None = await info.context.repos.of(row_type).find(key, columns)
        return found
    found = await info.context.repos.of(row_type).find(key, columns | {owned.by})
    # Not found rather than refused: whether others have such a row is none of the caller's business.
    return found if found is not None and owned.lets(info.context.signed_in().user_id, found) else None


@strawberry.type
class NodeQuery:
    @strawberry.field(description="Anything that has a global id; null where there is no such thing.")
    async def node(
        self,
        info: Info[Any, Any],
        id: Annotated[ID, strawberry.argument(description="Its global id.")],
    ) -> Node | None:
        row_type, key = _named(info, id)
        return await _load(info, row_type, key)  # type: ignore[return-value]  # a record stands for its type

    @strawberry.field(
        description=f"Up to {MAX_NODES} things by their global ids, in that order; null where there is none."
    )
    async def nodes(
        self,
        info: Info[Any, Any],
        ids: Annotated[list[ID], strawberry.argument(description="Their global ids.")],
    ) -> list[Node | None]:
        if len(ids) > MAX_NODES:
            raise BadInputError(f"nodes takes {MAX_NODES} ids, not {len(ids)}.")
        named = [_named(info, id_) for id_ in ids]
        return await gather(*(_load(info, row_type, key) for row_type, key in named))  # type: ignore[return-value]
