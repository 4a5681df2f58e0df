"""What the API needs to know of a table's columns: type, nullability, meaning, reference."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    Date,
    DateTime,
    Float,
    FromClause,
    Integer,
    String,
    Uuid,
)
from sqlalchemy import Enum as EnumType
from sqlalchemy.dialects.postgresql import JSONB

from ecoctrl_gql.db.base import Base
from ecoctrl_gql.db.records import attributes


class Json:
    """Stands for the type of a jsonb column's value."""


class Int64:
    """Stands for the type of a bigint column's value."""


@dataclass(frozen=True, slots=True)
class ColumnFacts:
    """
    What a column holds.

    Attributes:
        kind: ``str``, ``int``, ``float``, ``bool``, ``datetime``, ``date``, ``UUID``, an enum, `Json` or
            `Int64`.
        refers_to: The mapped class whose key it holds: its own for a key, another for a foreign key.
    """

    kind: type[Any]
    nullable: bool
    description: str
    refers_to: type[Base] | None


@cache
def column_facts(row_type: type[Base], name: str) -> ColumnFacts:
    """
    The facts of the column behind an attribute of a mapped class.

    Raises:
        KeyError: The table has no such column.
    """
    column = row_type.__table__.columns[attributes(row_type)[name].name]
    tables = [key.column.table for key in column.foreign_keys] or [column.table] * column.primary_key
    refers_to = _row_type(tables[0]) if tables else None
    return ColumnFacts(_kind(column), bool(column.nullable), column.comment or "", refers_to)


def _row_type(table: FromClause) -> type[Base]:
    return next(mapper.class_ for mapper in Base.registry.mappers if mapper.local_table is table)


def _kind(column: ColumnElement[Any]) -> type[Any]:
    if isinstance(column.type, EnumType) and column.type.enum_class is not None:
        return column.type.enum_class
    return next(kind for types, kind in _KINDS if isinstance(column.type, types))


_KINDS: tuple[tuple[Any, type[Any]], ...] = (
    (Uuid, UUID),
    (String, str),
    (Boolean, bool),
    (BigInteger, Int64),
    (Integer, int),
    (Float, float),
    (DateTime, datetime),
    (Date, date),
    (JSONB, Json),
)
