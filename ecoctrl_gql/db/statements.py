"""
The statements of the repositories, built by SQLAlchemy and compiled once a shape.

Reads and writes go to the driver as text with named parameters: a statement's shape is looked up, its
values are bound, and the driver's tuples become records. SQLAlchemy's own execution would cost more than
the database does.
"""

import re
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Generic, TypeVar

from psycopg._queries import MAX_CACHED_STATEMENT_LENGTH, MAX_CACHED_STATEMENT_PARAMS
from sqlalchemy import (
    ClauseElement,
    ColumnElement,
    Integer,
    Select,
    any_,
    bindparam,
    column,
    delete,
    func,
    insert,
    select,
    text,
    true,
    update,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import psycopg

from ecoctrl_gql.db.base import Base
from ecoctrl_gql.db.conditions import clause
from ecoctrl_gql.db.keyset import WindowShape, between, order_by
from ecoctrl_gql.db.operands import operands
from ecoctrl_gql.db.records import RowT, attributes, key_name, record_maker

ResultT = TypeVar("ResultT")

SHAPES = 1024
"""Statements kept compiled of each kind; clients choose filters and columns, so there must be a bound."""

MAX_JOINED = 8
"""How many lists one statement gives at most."""

_PARAMETER = re.compile(r"%\((\w+)\)s")
_DIALECT = psycopg.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy leaves dialects untyped


@dataclass(frozen=True, slots=True)
class Statement(Generic[ResultT]):
    """
    SQL text with named parameters, and what to make of a row of its answer.

    Attributes:
        text: The SQL.
        make: Makes the result of a row.
        writes: Whether it changes something although it begins like one that reads.
    """

    text: str
    make: Callable[[Sequence[Any]], ResultT]
    writes: bool = False


def compiled(executable: ClauseElement, make: Callable[[Sequence[Any]], ResultT]) -> Statement[ResultT]:
    compiler = executable.compile(dialect=_DIALECT)
    unbound = [name for name, value in compiler.params.items() if value is not None]
    if unbound:  # the driver would miss them, for it gets the parameters of the shape alone
        raise TypeError(f"A statement holds values of its own: {unbound}")
    return Statement(str(compiler), make)


@lru_cache(SHAPES)
def joined(statement: Statement[Any], number: int) -> Statement[tuple[Any, ...]]:
    """
    A list as many times in one statement, each with values of its own: see `joined_parameters`.

    A row is the place of its list and then its values. Each list is planned by the database as if it were
    asked for alone, and keeps its order.
    """
    lists = (_placed(statement.text, place) for place in range(number))
    return Statement(" UNION ALL ".join(lists), tuple)


def _placed(text: str, place: int) -> str:
    text = _PARAMETER.sub(lambda parameter: f"%({parameter[1]}_{place})s", text)
    return f"SELECT {place} AS place, list.* FROM ({text}) AS list"  # noqa: S608 - a number and our own text


def joined_parameters(given: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The parameters of a statement that is several in one."""
    return {
        f"{name}_{place}": value
        for place, parameters in enumerate(given)
        for name, value in parameters.items()
    }


@lru_cache(SHAPES)
def most_joined(statement: Statement[Any]) -> int:
    """How many times a statement may be in one: the driver takes longer texts apart at each call."""
    parameters = len(_PARAMETER.findall(statement.text))
    longest = MAX_CACHED_STATEMENT_LENGTH // len(_placed(statement.text, 0) + " UNION ALL ")
    return max(1, min(MAX_JOINED, longest, MAX_CACHED_STATEMENT_PARAMS // max(1, parameters)))


def select_columns(row_type: type[Base], names: tuple[str, ...]) -> Select[Any]:
    columns = attributes(row_type)
    return select(*(columns[name] for name in names))


def among_keys(column: ColumnElement[Any]) -> ColumnElement[bool]:
    """The condition that a column is one of the list that is the parameter ``keys``."""
    return column == any_(operands(column, "keys"))


@lru_cache(SHAPES)
def select_by(
    row_type: type[RowT], names: tuple[str, ...], by: str, sort: tuple[str, ...]
) -> Statement[RowT]:
    """The rows whose column ``by`` is among ``keys``."""
    columns = attributes(row_type)
    statement = select_columns(row_type, names).where(among_keys(columns[by]))
    return compiled(statement.order_by(*(columns[name] for name in sort)), record_maker(row_type, names))


@lru_cache(SHAPES)
def select_window(
    row_type: type[RowT], names: tuple[str, ...], condition: Hashable, window: WindowShape
) -> Statement[RowT]:
    """One stretch of the list of all rows that meet a condition."""
    statement = _window(select_columns(row_type, names), row_type, condition, window)
    return compiled(statement, record_maker(row_type, names))


@lru_cache(SHAPES)
def select_windows_by(
    row_type: type[RowT], names: tuple[str, ...], by: str, condition: Hashable, window: WindowShape
) -> Statement[RowT]:
    """
    For each of ``keys``, one stretch of the list of rows that belong to it.

    A lateral join reads each stretch from the index on (by, order), where a window function would read and
    number all rows of all keys first.
    """
    owner = attributes(row_type)[by]
    keys = func.unnest(operands(owner, "keys")).table_valued(column("key", owner.type)).render_derived("keys")
    stretch = _window(
        select_columns(row_type, names).where(owner == keys.c.key), row_type, condition, window
    ).lateral("stretch")
    statement = select(stretch).select_from(keys).join(stretch, true())
    return compiled(statement, record_maker(row_type, names))


def _window(
    statement: Select[Any], row_type: type[Base], condition: Hashable, window: WindowShape
) -> Select[Any]:
    return (
        statement.where(clause(row_type, condition), *between(row_type, window))
        .order_by(*order_by(row_type, window))
        .limit(bindparam("row_limit", type_=Integer))
    )


@lru_cache(SHAPES)
def count_rows(row_type: type[Base], condition: Hashable) -> Statement[int]:
    statement = select(func.count()).select_from(row_type).where(clause(row_type, condition))
    return compiled(statement, _first)


@lru_cache(SHAPES)
def count_rows_by(row_type: type[Base], by: str, condition: Hashable) -> Statement[tuple[Any, int]]:
    """Pairs of a key and the number of rows that belong to it; keys without rows are left out."""
    owner = attributes(row_type)[by]
    statement = (
        select(owner, func.count()).where(among_keys(owner), clause(row_type, condition)).group_by(owner)
    )
    return compiled(statement, tuple)


@lru_cache(SHAPES)
def insert_row(row_type: type[RowT], names: tuple[str, ...], returning: tuple[str, ...]) -> Statement[RowT]:
    columns = attributes(row_type)
    statement = insert(row_type).values({columns[name]: _value(columns, name) for name in names})
    return compiled(
        statement.returning(*(columns[name] for name in returning)), record_maker(row_type, returning)
    )


@lru_cache(SHAPES)
def put_only_row(row_type: type[RowT], names: tuple[str, ...], returning: tuple[str, ...]) -> Statement[RowT]:
    """Set columns of the row of a single-row table, or insert it."""
    columns = attributes(row_type)
    inserted = postgresql.insert(row_type).values({columns[name]: _value(columns, name) for name in names})
    statement = inserted.on_conflict_do_update(
        index_elements=[text("(true)")], set_={columns[name]: _value(columns, name) for name in names}
    )
    return compiled(
        statement.returning(*(columns[name] for name in returning)), record_maker(row_type, returning)
    )


@lru_cache(SHAPES)
def update_row(row_type: type[RowT], names: tuple[str, ...], returning: tuple[str, ...]) -> Statement[RowT]:
    """Set columns of the row whose key is the parameter ``row_key``."""
    columns = attributes(row_type)
    statement = (
        update(row_type)
        .where(_is_row(row_type))
        .values({columns[name]: _value(columns, name) for name in names})
        .returning(*(columns[name] for name in returning))
    )
    return compiled(statement, record_maker(row_type, returning))


@lru_cache(SHAPES)
def delete_row(row_type: type[Base]) -> Statement[Any]:
    """Delete the row whose key is the parameter ``row_key``; gives the key of what was deleted."""
    key = attributes(row_type)[key_name(row_type)]
    return compiled(delete(row_type).where(_is_row(row_type)).returning(key), _first)


def _is_row(row_type: type[Base]) -> ColumnElement[bool]:
    key = attributes(row_type)[key_name(row_type)]
    return key == bindparam("row_key", type_=key.type)


def _value(columns: dict[str, ColumnElement[Any]], name: str) -> ColumnElement[Any]:
    return bindparam(f"set_{name}", type_=columns[name].type)


def _first(values: Any) -> Any:
    return values[0]
