"""Fields that lead from one table to another along a foreign key, for all parents in one statement."""

from collections.abc import Sequence
from typing import Any

import strawberry
from strawberry import Info

from ecoctrl_gql.api.access import Access
from ecoctrl_gql.api.node import READS, type_of_row
from ecoctrl_gql.api.selection import selected_columns
from ecoctrl_gql.db.base import Base
from ecoctrl_gql.db.records import key_name, keys_of, record_maker
from ecoctrl_gql.db.repositories.base import load_each
from ecoctrl_gql.engine import batched


def to_one(row_type: type[Base], by: str, description: str, *, rule: Access | None = None) -> Any:
    """
    The row that a foreign key refers to.

    Args:
        row_type: The table that is referred to.
        by: The foreign key, a column of the field's own table.
    """

    @batched
    async def resolve(records: Sequence[Base], info: Info[Any, Any]) -> list[Base | None]:
        keys = [getattr(record, by) for record in records]
        columns = selected_columns(info, type_of_row(row_type))
        if columns <= {key_name(row_type)}:  # the foreign key says it all, and vouches for the row
            make = record_maker(row_type, (key_name(row_type),))
            return [None if key is None else make((key,)) for key in keys]
        return await load_each(info.context.repos.of(row_type).by_key(columns), keys)

    return _relation(resolve, description, (by,), rule)


def to_many(
    row_type: type[Base], by: str, description: str, *, sort: tuple[str, ...] = (), rule: Access | None = None
) -> Any:
    """
    The few rows that refer to this one.

    Args:
        row_type: The table that refers.
        by: Its foreign key.
        sort: The columns that they are sorted by.
    """

    @batched
    async def resolve(records: Sequence[Base], info: Info[Any, Any]) -> list[list[Base]]:
        columns = selected_columns(info, type_of_row(row_type))
        return await load_each(info.context.repos.of(row_type).list_by(by, sort, columns), keys_of(records))

    return _relation(resolve, description, (), rule)


def to_dependent(row_type: type[Base], by: str, description: str, *, rule: Access | None = None) -> Any:
    """The one row that refers to this one by a unique foreign key, or null."""

    @batched
    async def resolve(records: Sequence[Base], info: Info[Any, Any]) -> list[Base | None]:
        columns = selected_columns(info, type_of_row(row_type))
        return await load_each(info.context.repos.of(row_type).one_by(by, columns), keys_of(records))

    return _relation(resolve, description, (), rule)


def _relation(resolve: Any, description: str, reads: tuple[str, ...], rule: Access | None) -> Any:
    return strawberry.field(
        resolver=resolve,
        description=description,
        metadata={READS: reads},
        directives=[] if rule is None else [rule],
    )
