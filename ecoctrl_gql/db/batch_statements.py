"""The statements that read or change many rows at once; see `statements` for how they are made."""

from collections.abc import Hashable
from functools import lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, bindparam, column, delete, func, insert, select, update

from ecoctrl_gql.db.base import Base
from ecoctrl_gql.db.conditions import clause
from ecoctrl_gql.db.operands import operands
from ecoctrl_gql.db.records import RowT, attributes, key_name, record_maker
from ecoctrl_gql.db.statements import SHAPES, Statement, among_keys, compiled


@lru_cache(SHAPES)
def count_groups(
    row_type: type[Base], by: tuple[str, ...], condition: Hashable
) -> Statement[tuple[Any, ...]]:
    """The values of columns ``by`` and how many rows that meet a condition have them."""
    groups = [attributes(row_type)[name] for name in by]
    statement = select(*groups, func.count()).where(clause(row_type, condition)).group_by(*groups)
    return compiled(statement, tuple)


@lru_cache(SHAPES)
def insert_rows(row_type: type[RowT], names: tuple[str, ...], returning: tuple[str, ...]) -> Statement[RowT]:
    """Insert a row for each place in the lists ``set_…``, in their order."""
    columns = attributes(row_type)
    given = (
        func.unnest(*(operands(columns[name], f"set_{name}") for name in names))
        .table_valued(*(column(name, columns[name].type) for name in names), with_ordinality="place")
        .render_derived("given")
    )
    rows = select(*(given.c[name] for name in names)).order_by(given.c.place)
    statement = insert(row_type).from_select([columns[name].name for name in names], rows)
    return compiled(
        statement.returning(*(columns[name] for name in returning)), record_maker(row_type, returning)
    )


@lru_cache(SHAPES)
def update_rows(
    row_type: type[RowT], names: tuple[str, ...], condition: Hashable, returning: tuple[str, ...]
) -> Statement[RowT]:
    """Set columns of the rows among ``keys`` that meet a condition."""
    columns = attributes(row_type)
    statement = (
        update(row_type)
        .where(*_locked(row_type, condition))
        .values({columns[name]: bindparam(f"set_{name}", type_=columns[name].type) for name in names})
        .returning(*(columns[name] for name in returning))
    )
    return compiled(statement, record_maker(row_type, returning))


@lru_cache(SHAPES)
def delete_rows(row_type: type[Base], condition: Hashable) -> Statement[Any]:
    """Delete the rows among ``keys`` that meet a condition; gives the keys of what was deleted."""
    key = attributes(row_type)[key_name(row_type)]
    return compiled(delete(row_type).where(*_locked(row_type, condition)).returning(key), itemgetter(0))


def _locked(row_type: type[Base], condition: Hashable) -> tuple[ColumnElement[bool], ...]:
    """
    The conditions for the rows among ``keys`` that meet another, locked in the order of their keys.

    Two changes of the same rows would else wait for one another. What has waited looks at the condition
    again, so that of changes at the same time only one finds a row as it has to be.
    """
    key = attributes(row_type)[key_name(row_type)]
    wanted = clause(row_type, condition)
    locked = select(key.label("key")).where(among_keys(key), wanted).order_by(key).with_for_update()
    return key == locked.subquery("locked").c.key, wanted
