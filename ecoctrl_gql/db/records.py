"""
Records: what reads return.

A record is a slotted tuple made straight from the driver's. It has the attributes of its mapped class, of
which it holds those that were read; any other raises `AttributeError`. It can't be changed, nothing lazy
hides in it, and no session keeps it alive. To the type checker it is its mapped class, so that a table's
columns are written once.
"""

from collections import namedtuple
from collections.abc import Callable, Sequence
from functools import cache, lru_cache, partial
from operator import attrgetter
from typing import Any, TypeVar, cast

from sqlalchemy import ColumnElement, Text, inspect
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapper

from ecoctrl_gql.db.base import Base

RowT = TypeVar("RowT", bound=Base)

Columns = frozenset[str]
"""Names of a mapped class's attributes to read."""

MakeRecord = Callable[[Sequence[Any]], RowT]


@lru_cache(maxsize=2048)  # bounded, for clients choose the columns
def record_class(row_type: type[RowT], names: tuple[str, ...]) -> type[RowT]:
    """The class of records that hold these attributes, in this order."""
    name = row_type.__name__.removesuffix("Row") + "Record"
    members = {"__slots__": (), "row_type": row_type, "__doc__": row_type.__doc__}
    return cast(type[RowT], type(name, (namedtuple(name, names),), members))


@lru_cache(maxsize=2048)
def record_maker(row_type: type[RowT], names: tuple[str, ...]) -> MakeRecord[RowT]:
    """A function from the values of one row to a record."""
    return cast(MakeRecord[RowT], partial(tuple.__new__, record_class(row_type, names)))


def row_type_of(record: Base) -> type[Base]:
    """The mapped class that a record was read from."""
    record_type: Any = type(record)
    row_type: type[Base] = record_type.row_type
    return row_type


@cache
def attributes(row_type: type[Base]) -> dict[str, ColumnElement[Any]]:
    """A mapped class's columns by the name of their attribute, in the table's order."""
    mapper: Mapper[Any] = inspect(row_type)
    return {attribute.key: attribute.columns[0] for attribute in mapper.column_attrs}


@cache
def key_name(row_type: type[Base]) -> str:
    """The name of the attribute that is the table's key."""
    mapper: Mapper[Any] = inspect(row_type)
    return mapper.get_property_by_column(mapper.primary_key[0]).key


def keys_of(records: Sequence[Base]) -> list[Any]:
    """The keys of records of one table."""
    return list(map(attrgetter(key_name(row_type_of(records[0]))), records)) if records else []


@cache
def light_columns(row_type: type[Base]) -> Columns:
    """The columns that cost little to read: all but jsonb and long text."""
    return frozenset(
        name for name, column in attributes(row_type).items() if not isinstance(column.type, JSONB | Text)
    )


@cache
def secret_columns(row_type: type[Base]) -> Columns:
    """The columns whose values nobody may read: hashes of passwords, tokens and the like."""
    return frozenset(name for name, column in attributes(row_type).items() if _is_secret(column))


def _is_secret(column: ColumnElement[Any]) -> bool:
    return "secret" in getattr(column, "info", ())


@lru_cache(maxsize=2048)
def names_to_read(row_type: type[Base], columns: Columns | None, needed: tuple[str, ...]) -> tuple[str, ...]:
    """
    The columns to read, in one order, so that the same set is always the same statement.

    Args:
        row_type: The table.
        columns: Those that somebody will look at; all light ones by default.
        needed: Those that are needed besides; the key always is.
    """
    wanted = light_columns(row_type) if columns is None else columns
    return tuple(sorted(wanted.union(needed, (key_name(row_type),))))
