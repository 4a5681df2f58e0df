"""
What workflows do with the platform's tables: rows by equality of columns, under a database role of their own.

Names of tables and columns are looked up among the mapped ones, values are bound; nothing of a workflow
becomes part of an SQL text.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

import orjson
from psycopg.types.json import Jsonb
from sqlalchemy import ColumnElement, Integer, any_, bindparam, delete, insert, select, update

from ecoctrl_gql.db.base import Base
from ecoctrl_gql.db.columns import Int64, Json, column_facts
from ecoctrl_gql.db.database import Runner
from ecoctrl_gql.db.migrations.workflow_role import READABLE, ROLE
from ecoctrl_gql.db.operands import operands
from ecoctrl_gql.db.records import attributes, key_name
from ecoctrl_gql.db.statements import Statement, compiled
from ecoctrl_gql.db.tables import AlertRow, EnergyReadingRow, IotObjectRow, WorkflowExecutionRow
from ecoctrl_gql.errors import BadInputError

TABLES: Final[Mapping[str, type[Base]]] = {
    "alerts": AlertRow,
    "energy_readings": EnergyReadingRow,
    "objects": IotObjectRow,
    "workflow_executions": WorkflowExecutionRow,
}

MAX_ROWS: Final = 1_000
"""The most rows that are read at once."""

TIMEOUT_MS: Final = 5_000

_BEGIN: Statement[bool] = Statement(
    """
    SELECT set_config('statement_timeout', %(timeout)s, true),
        CASE WHEN EXISTS (SELECT FROM pg_roles WHERE rolname = %(role)s)
            THEN set_config('role', %(role)s, true) END IS NOT NULL
    """.strip(),
    lambda row: bool(row[1]),
    writes=True,
)

_END: Statement[Any] = Statement(
    "SELECT set_config('role', 'none', true), set_config('statement_timeout', %(timeout)s, true)",
    tuple,
    writes=True,
)

_TIMEOUT: Statement[str] = Statement(
    "SELECT current_setting('statement_timeout')", lambda row: str(row[0]), writes=True
)

_READ_ONLY: Statement[Any] = Statement(
    "SELECT set_config('transaction_read_only', 'on', true)", tuple, writes=True
)


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows as JSON, and whether there are more than were read."""

    rows: list[dict[str, Any]]
    cut: bool = False


class WorkflowTables:
    """The tables as a workflow sees them, within one transaction."""

    def __init__(self, runner: Runner) -> None:
        self._runner = runner

    async def read_only(self) -> None:
        """Refuse every change until the transaction ends."""
        await self._runner.fetch(_READ_ONLY, {})

    async def select(self, table: str, where: Mapping[str, Any], returning: Sequence[str]) -> Rows:
        """
        Rows whose columns have certain values; the first thousand by their keys.

        Raises:
            BadInputError: There is no such table or column, or a value does not fit its column.
            TimedOutError: It takes too long.
        """
        shape, values = _shape(table, where, {}, returning)
        rows = await self._run(_select(shape), {**values, "most": MAX_ROWS + 1})
        return Rows(rows[:MAX_ROWS], cut=len(rows) > MAX_ROWS)

    async def insert(self, table: str, data: Mapping[str, Any], returning: Sequence[str]) -> Rows:
        """Insert a row. Raises as `select`, and ConflictError."""
        shape, values = _shape(table, {}, data, returning)
        return Rows(await self._run(_insert(shape), values))

    async def update(
        self, table: str, where: Mapping[str, Any], data: Mapping[str, Any], returning: Sequence[str]
    ) -> Rows:
        """Change rows. Raises as `select`, and ConflictError."""
        shape, values = _shape(table, where, data, returning)
        return Rows(await self._run(_update(shape), values))

    async def delete(self, table: str, where: Mapping[str, Any], returning: Sequence[str]) -> Rows:
        """Delete rows. Raises as `select`, and ConflictError."""
        shape, values = _shape(table, where, {}, returning)
        return Rows(await self._run(_delete(shape), values))

    async def _run(
        self, statement: Statement[dict[str, Any]], values: Mapping[str, Any]
    ) -> list[dict[str, Any]]:
        """Run a statement as the role; an error ends the transaction, and with it the role."""
        (timeout,) = await self._runner.fetch(_TIMEOUT, {})
        await self._runner.fetch(_BEGIN, {"timeout": str(TIMEOUT_MS), "role": ROLE})
        rows = await self._runner.fetch(statement, values)
        await self._runner.fetch(_END, {"timeout": timeout})
        return rows


@dataclass(frozen=True, slots=True)
class _Shape:
    """What a statement is like but for its values; ``where`` says of each column how it is compared."""

    row_type: type[Base]
    where: tuple[tuple[str, str], ...]
    data: tuple[str, ...]
    returning: tuple[tuple[str, str], ...]


def _shape(
    table: str, where: Mapping[str, Any], data: Mapping[str, Any], returning: Sequence[str]
) -> tuple[_Shape, dict[str, Any]]:
    row_type = TABLES.get(table)
    if row_type is None:
        raise BadInputError(f"A workflow has no access to a table {table[:63]}.")
    values: dict[str, Any] = {}
    compared = []
    for name, value in where.items():
        attribute = _attribute(row_type, name)
        how = "null" if value is None else "any" if isinstance(value, list) else "is"
        compared.append((attribute, how))
        if how == "any":
            values[f"where_{attribute}"] = [_value(row_type, attribute, each) for each in value]
        elif how == "is":
            values[f"where_{attribute}"] = _value(row_type, attribute, value)
    changed = []
    for name, value in data.items():
        attribute = _attribute(row_type, name)
        changed.append(attribute)
        values[f"set_{attribute}"] = None if value is None else _value(row_type, attribute, value)
    wanted = [name for name in returning if name != "*"]
    shown = (
        tuple((_attribute(row_type, name), name) for name in wanted)
        if wanted
        else tuple((name, str(attributes(row_type)[name].name)) for name in _visible(row_type))
    )
    return _Shape(row_type, tuple(compared), tuple(changed), shown), values


@lru_cache
def _visible(row_type: type[Base]) -> tuple[str, ...]:
    """The attributes that workflows see: all, where the role sees all columns."""
    listed = READABLE[row_type.__tablename__].strip("()")
    columns = {name.strip() for name in listed.split(",")} if listed else None
    return tuple(
        name for name, column in attributes(row_type).items() if columns is None or column.name in columns
    )


def _attribute(row_type: type[Base], name: str) -> str:
    """The attribute of a column that is written in snake or in camel case."""
    snake = "".join(f"_{character.lower()}" if character.isupper() else character for character in name)
    for attribute in _visible(row_type):
        if attributes(row_type)[attribute].name in (name, snake):
            return attribute
    raise BadInputError(f"The table {row_type.__tablename__} has no column {name[:63]} for workflows.")


def _value(row_type: type[Base], attribute: str, value: Any) -> Any:
    """
    A JSON value as its column takes it.

    Raises:
        BadInputError: It does not fit.
    """
    read: Callable[[Any], Any] = _READERS.get(column_facts(row_type, attribute).kind, _text)
    try:
        return read(value)
    except (KeyError, TypeError, ValueError):
        column = attributes(row_type)[attribute].name
        raise BadInputError(f"The column {column} does not take {str(value)[:60]!r}.") from None


def _as_json(value: Any) -> Any:
    return Jsonb(value)


def _flag(value: Any) -> bool:
    return {"true": True, "false": False}[str(value).lower()]


def _whole(value: Any) -> int:
    number = float(value)
    if isinstance(value, bool) or not number.is_integer():
        raise ValueError(value)
    return int(number)


def _instant(value: Any) -> datetime:
    instant = datetime.fromisoformat(str(value))
    if instant.tzinfo is None:
        raise ValueError(value)
    return instant


def _text(value: Any) -> str:
    if isinstance(value, dict | list):
        raise TypeError(value)
    return value if isinstance(value, str) else orjson.dumps(value).decode()


_READERS: Final[Mapping[Any, Callable[[Any], Any]]] = {
    Json: _as_json,
    bool: _flag,
    int: _whole,
    Int64: _whole,
    float: float,
    datetime: _instant,
    date: lambda value: date.fromisoformat(str(value)),
    UUID: lambda value: str(UUID(str(value))),
}


@lru_cache(512)
def _select(shape: _Shape) -> Statement[dict[str, Any]]:
    key = attributes(shape.row_type)[key_name(shape.row_type)]
    statement = select(*_returned(shape)).where(*_conditions(shape)).order_by(key)
    return compiled(statement.limit(bindparam("most", type_=Integer)), _maker(shape))


@lru_cache(512)
def _insert(shape: _Shape) -> Statement[dict[str, Any]]:
    return compiled(
        insert(shape.row_type).values(_changes(shape)).returning(*_returned(shape)), _maker(shape)
    )


@lru_cache(512)
def _update(shape: _Shape) -> Statement[dict[str, Any]]:
    statement = update(shape.row_type).where(*_conditions(shape)).values(_changes(shape))
    return compiled(statement.returning(*_returned(shape)), _maker(shape))


@lru_cache(512)
def _delete(shape: _Shape) -> Statement[dict[str, Any]]:
    statement = delete(shape.row_type).where(*_conditions(shape))
    return compiled(statement.returning(*_returned(shape)), _maker(shape))


def _returned(shape: _Shape) -> list[ColumnElement[Any]]:
    return [attributes(shape.row_type)[attribute] for attribute, _ in shape.returning]


def _changes(shape: _Shape) -> dict[Any, Any]:
    columns = attributes(shape.row_type)
    return {columns[name]: bindparam(f"set_{name}", type_=columns[name].type) for name in shape.data}


def _conditions(shape: _Shape) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    for attribute, how in shape.where:
        column, name = attributes(shape.row_type)[attribute], f"where_{attribute}"
        if how == "null":
            conditions.append(column.is_(None))
        elif how == "any":
            conditions.append(column == any_(operands(column, name)))
        else:
            conditions.append(column == bindparam(name, type_=column.type))
    return conditions


def _maker(shape: _Shape) -> Any:
    names = [shown for _, shown in shape.returning]
    return lambda row: {name: _json(value) for name, value in zip(names, row, strict=True)}


def _json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime | date) else value
