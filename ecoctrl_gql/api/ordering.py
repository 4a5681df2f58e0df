"""Orders: an input a type with the columns that its lists can be ordered by."""

from enum import Enum, EnumMeta
from typing import Any, cast

import strawberry

from ecoctrl_gql.api.node import row_of_type
from ecoctrl_gql.db.columns import column_facts
from ecoctrl_gql.db.keyset import Order


@strawberry.enum(description="Which end of an order comes first.")
class OrderDirection(Enum):
    ASC = strawberry.enum_value("asc", description="Smallest, earliest or first in the alphabet first.")
    DESC = strawberry.enum_value("desc", description="Largest, latest or last in the alphabet first.")


def order_input(node: type[Any], names: tuple[str, ...]) -> type[Any]:
    """The order of lists of a type by one of these columns; equal ones go by key, and nulls come last."""
    type_name, row_type = node.__strawberry_definition__.name, row_of_type(node)
    enum = cast(EnumMeta, Enum(f"{type_name}OrderField", {name.upper(): name for name in names}))
    columns = strawberry.enum(enum, description=f"What a list of {type_name} can be ordered by.")
    definition = cast(Any, columns).__strawberry_definition__
    for value in definition.values:
        value.description = column_facts(row_type, value.name.lower()).description
    made = type(f"{type_name}Order", (), {"__annotations__": {"field": columns, "direction": OrderDirection}})
    made.field = strawberry.field(description="What to order by.")  # type: ignore[attr-defined]  # made here
    made.direction = strawberry.field(  # type: ignore[attr-defined]  # made here
        default=OrderDirection.ASC, description="Which end comes first."
    )
    return strawberry.input(
        made, description="The order of a list; what is equal goes by key, and nulls come last."
    )


def order_of(given: Any, default: Order) -> Order:
    """What an order input means."""
    if not given:  # null, or not given at all
        return default
    return Order(given.field.value, given.direction is OrderDirection.DESC)
