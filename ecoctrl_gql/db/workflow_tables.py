"""
What workflows do with the platform's tables: rows by equality of columns, under a database role of their own.

Names of tables and columns are looked up among the mapped ones, values are bound; nothing of a workflow
becomes part of an SQL text.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Any, Final

import structlog
from psycopg.errors import InsufficientPrivilege
from sqlalchemy import (
    ColumnElement,
    Delete,
    Insert,
    Integer,
    Update,
    any_,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)

from ecoctrl_gql.db.base import Base
from ecoctrl_gql.db.database import ResultT, Runner
from ecoctrl_gql.db.migrations.workflow_role import READABLE, ROLE, USABLE
from ecoctrl_gql.db.operands import operand, operands
from ecoctrl_gql.db.records import attributes, key_name
from ecoctrl_gql.db.statements import Statement, compiled
from ecoctrl_gql.db.tables import AlertRow, EnergyReadingRow, IotObjectRow, WorkflowExecutionRow
from ecoctrl_gql.db.workflow_values import column_value, json_value
from ecoctrl_gql.errors import BadInputError, ForbiddenError

log = structlog.stdlib.get_logger("ecoctrl.workflows")

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
    f"""
    SELECT set_config('statement_timeout', %(timeout)s, true),
        CASE WHEN {USABLE} THEN set_config('role', '{ROLE}', true) END IS NOT NULL
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
    """
    Rows as JSON, a thousand at most.

    Attributes:
        rows: The rows.
        count: How many were read, or changed; of changed ones all count.
        cut: Whether there are more than are here.
    """

    rows: list[dict[str, Any]]
    count: int
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
        return Rows(rows[:MAX_ROWS], min(len(rows), MAX_ROWS), cut=len(rows) > MAX_ROWS)

    async def insert(self, table: str, data: Mapping[str, Any], returning: Sequence[str]) -> Rows:
        """Insert a row. Raises as `select`, and ConflictError."""
        shape, values = _shape(table, {}, data, returning)
        return await self._change(_insert(shape), values)

    async def update(
        self, table: str, where: Mapping[str, Any], data: Mapping[str, Any], returning: Sequence[str]
    ) -> Rows:
        """Change rows. Raises as `select`, and ConflictError."""
        shape, values = _shape(table, where, data, returning)
        return await self._change(_update(shape), values)

    async def delete(self, table: str, where: Mapping[str, Any], returning: Sequence[str]) -> Rows:
        """Delete rows. Raises as `select`, and ConflictError."""
        shape, values = _shape(table, where, {}, returning)
        return await self._change(_delete(shape), values)

    async def _change(self, statement: Statement[tuple[int, dict[str, Any]]], values: dict[str, Any]) -> Rows:
        found = await self._run(statement, {**values, "most": MAX_ROWS})
        count = found[0][0] if found else 0
        return Rows([row for _, row in found], count, cut=count > len(found))

    async def _run(self, statement: Statement[ResultT], values: Mapping[str, Any]) -> list[ResultT]:
        """Run a statement as the role; an error ends the transaction, and with it the role."""
        (timeout,) = await self._runner.fetch(_TIMEOUT, {})
        (restricted,) = await self._runner.fetch(_BEGIN, {"timeout": str(TIMEOUT_MS)})
        if not restricted:
            _warn_once()
        try:
            rows = await self._runner.fetch(statement, values)
        except InsufficientPrivilege as error:
            raise ForbiddenError(
                f"The database does not let workflows do this: {error.diag.message_primary}."
            ) from None
        await self._runner.fetch(_END, {"timeout": timeout})
        return rows


@cache
def _warn_once() -> None:
    log.warning(
        "Workflows use tables without a database role of their own; `ecoctrl doctor` says why.", role=ROLE
    )


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
    compared: list[tuple[str, str]] = []
    for attribute, value in _by_attribute(row_type, where):
        how = "null" if value is None else "any" if isinstance(value, list) else "is"
        compared.append((attribute, how))
        if how == "any":
            values[f"where_{attribute}"] = [column_value(row_type, attribute, each) for each in value]
        elif how == "is":
            values[f"where_{attribute}"] = column_value(row_type, attribute, value)
    changed = []
    for attribute, value in _by_attribute(row_type, data):
        changed.append(attribute)
        values[f"set_{attribute}"] = None if value is None else column_value(row_type, attribute, value)
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


def _by_attribute(row_type: type[Base], values: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The values of columns, each named once, in whichever spelling."""
    seen = set()
    for name, value in values.items():
        attribute = _attribute(row_type, name)
        if attribute in seen:
            raise BadInputError(f"The column {name} is named twice.")
        seen.add(attribute)
        yield attribute, value


def _attribute(row_type: type[Base], name: str) -> str:
    """The attribute of a column that is written in snake or in camel case."""
    snake = "".join(f"_{character.lower()}" if character.isupper() else character for character in name)
    for attribute in _visible(row_type):
        if attributes(row_type)[attribute].name in (name, snake):
            return attribute
    raise BadInputError(f"The table {row_type.__tablename__} has no column {name[:63]} for workflows.")


@lru_cache(512)
def _select(shape: _Shape) -> Statement[dict[str, Any]]:
    key = attributes(shape.row_type)[key_name(shape.row_type)]
    statement = select(*_returned(shape)).where(*_conditions(shape)).order_by(key)
    return compiled(statement.limit(bindparam("most", type_=Integer)), _maker(shape))


@lru_cache(512)
def _insert(shape: _Shape) -> Statement[tuple[int, dict[str, Any]]]:
    return _counted(shape, insert(shape.row_type).values(_changes(shape)))


@lru_cache(512)
def _update(shape: _Shape) -> Statement[tuple[int, dict[str, Any]]]:
    return _counted(shape, update(shape.row_type).where(*_conditions(shape)).values(_changes(shape)))


@lru_cache(512)
def _delete(shape: _Shape) -> Statement[tuple[int, dict[str, Any]]]:
    return _counted(shape, delete(shape.row_type).where(*_conditions(shape)))


def _counted(shape: _Shape, change: Insert | Update | Delete) -> Statement[tuple[int, dict[str, Any]]]:
    """A change that gives how many rows it met with each of the first ones."""
    changed = change.returning(*_returned(shape)).cte("changed")
    statement = select(func.count().over(), *changed.c).limit(bindparam("most", type_=Integer))
    row = _maker(shape)
    return replace(compiled(statement, lambda values: (values[0], row(values[1:]))), writes=True)


def _returned(shape: _Shape) -> list[ColumnElement[Any]]:
    columns = attributes(shape.row_type)
    return [columns[attribute].label(f"c{index}") for index, (attribute, _) in enumerate(shape.returning)]


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
            conditions.append(column == operand(column, name))
    return conditions


def _maker(shape: _Shape) -> Any:
    names = [shown for _, shown in shape.returning]
    return lambda row: {name: json_value(value) for name, value in zip(names, row, strict=True)}
