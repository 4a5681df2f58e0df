"""What the studio knows of the tables, read off their mapped classes."""

import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum as PythonEnum
from enum import auto
from typing import Any

from sqlalchemy import Boolean, Column, Date, DateTime, Enum, Float, Integer, String, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.schema import DefaultClause
from sqlalchemy.types import TypeEngine

from ecoctrl_gql.db import tables
from ecoctrl_gql.db.base import Base
from ecoctrl_gql.db.records import attributes, key_name, secret_columns


class Kind(PythonEnum):
    """How a column's values are read and shown."""

    CHOICE = auto()
    UUID = auto()
    LONG_TEXT = auto()
    TEXT = auto()
    BOOLEAN = auto()
    INTEGER = auto()
    FLOAT = auto()
    DATETIME = auto()
    DATE = auto()
    JSON = auto()


_KINDS: tuple[tuple[type[TypeEngine[Any]], Kind], ...] = (  # a type before those it derives from
    (Enum, Kind.CHOICE),
    (Uuid, Kind.UUID),
    (Text, Kind.LONG_TEXT),
    (String, Kind.TEXT),
    (Boolean, Kind.BOOLEAN),
    (Integer, Kind.INTEGER),
    (Float, Kind.FLOAT),
    (DateTime, Kind.DATETIME),
    (Date, Kind.DATE),
    (JSONB, Kind.JSON),
)


@dataclass(frozen=True, slots=True)
class ColumnFacts:
    """A column that may be read; ``name`` is that of the mapped attribute."""

    name: str
    kind: Kind
    help: str
    length: int | None
    choices: tuple[str, ...]
    nullable: bool
    default: str | None
    """The default as text, where it is a constant."""
    has_default: bool
    primary_key: bool
    references: str | None
    """The table that it refers to."""

    @property
    def required(self) -> bool:
        return not self.nullable and not self.has_default and self.kind is not Kind.BOOLEAN


@dataclass(frozen=True, slots=True)
class TableFacts:
    """A table; its secret columns do not occur."""

    name: str
    row_type: type[Base]
    help: str
    key: str
    columns: tuple[ColumnFacts, ...]
    creatable: bool
    """Whether a row can be made without knowing a secret."""
    owner: str | None
    """The column that says whose row it is: it goes when that user goes."""

    @property
    def user_columns(self) -> tuple[str, ...]:
        """The columns that name a user."""
        return tuple(column.name for column in self.columns if column.references == "users")

    @property
    def names(self) -> frozenset[str]:
        return frozenset(column.name for column in self.columns)

    @property
    def light_names(self) -> frozenset[str]:
        """The columns that a list shows: all but jsonb."""
        return frozenset(column.name for column in self.columns if column.kind is not Kind.JSON)


def studio_tables() -> list[TableFacts]:
    """All tables that people may look at, in the order of their names."""
    row_types = (getattr(tables, name) for name in tables.__all__)
    shown = (row_type for row_type in row_types if "internal" not in row_type.__table__.info)
    return sorted(map(_table, shown), key=lambda table: table.name)


def _table(row_type: type[Base]) -> TableFacts:
    secrets = secret_columns(row_type)
    columns = tuple(_column(name, column) for name, column in _columns(row_type) if name not in secrets)
    hidden = [_column(name, column) for name, column in _columns(row_type) if name in secrets]
    return TableFacts(
        name=row_type.__tablename__,
        row_type=row_type,
        help=inspect.cleandoc(row_type.__doc__ or ""),
        key=key_name(row_type),
        columns=columns,
        creatable=not any(column.required for column in hidden),
        owner=next((name for name, column in _columns(row_type) if _dies_with_user(column)), None),
    )


def _columns(row_type: type[Base]) -> Iterator[tuple[str, Column[Any]]]:
    for name, column in attributes(row_type).items():
        if isinstance(column, Column):
            yield name, column


def _column(name: str, column: Column[Any]) -> ColumnFacts:
    default = column.server_default
    constant = default.arg if isinstance(default, DefaultClause) else None
    kind = next(kind for column_type, kind in _KINDS if isinstance(column.type, column_type))
    return ColumnFacts(
        name=name,
        kind=kind,
        help=column.comment or "",
        length=getattr(column.type, "length", None),
        choices=tuple(getattr(column.type, "enums", ())),
        nullable=bool(column.nullable),
        default=constant if isinstance(constant, str) else None,
        has_default=default is not None or (column.primary_key and kind is Kind.INTEGER),
        primary_key=column.primary_key,
        references=next((key.column.table.name for key in column.foreign_keys), None),
    )


def _dies_with_user(column: Column[Any]) -> bool:
    return any(key.column.table.name == "users" and key.ondelete == "CASCADE" for key in column.foreign_keys)
