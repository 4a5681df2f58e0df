"""Reads or changes rows of the platform's own tables."""

import re
from collections.abc import Iterable
from typing import Annotated, Any, Final, Literal

from pydantic import Field

from ecoctrl_gql.workflows.dsl.fields import Mapping, NodeConfig, Texts
from ecoctrl_gql.workflows.dsl.problems import Finding, Rule, Severity, shown
from ecoctrl_gql.workflows.dsl.registry import Effect, NodeKind, Output

TABLES: Final = ("objects", "energy_readings", "alerts", "workflow_executions")

WRITABLE: Final = ("objects", "energy_readings", "alerts")
"""Those that can be changed, where the administrator lets workflows do so."""

ALIASES: Final = {"alert_logs": "alerts"}
"""Names under which older documents know a table."""

_COLUMN = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,62}", re.ASCII)


class DatabaseConfig(NodeConfig):
    """Which rows, and what is done with them."""

    operation: Annotated[
        Literal["select", "insert", "update", "delete"] | None, Field(description="What is done; select.")
    ] = None
    table: Annotated[str, Field(description=f"The table: {', '.join(TABLES)}.")]
    where: Annotated[Mapping | None, Field(description="Values that columns must have, all of them.")] = None
    data: Annotated[Mapping | None, Field(description="insert and update: the values by column.")] = None
    returning: Annotated[Texts | None, Field(description="The columns of the result; all by default.")] = None


def check_database(config: DatabaseConfig) -> Iterable[Finding]:
    operation = config.operation or "select"
    if "{{" not in config.table and ALIASES.get(config.table, config.table) not in TABLES:
        message = f'A workflow has no access to a table "{shown(config.table)}".'
        yield Finding(("table",), Rule.VALUE, message, f"Choose one of {', '.join(TABLES)}.")
    if operation in ("insert", "update") and not config.data:
        yield Finding(("data",), Rule.REQUIRED, f"The operation {operation} needs data.")
    if operation in ("update", "delete") and not config.where:
        message = f"Without where the operation {operation} would change every row."
        yield Finding(("where",), Rule.REQUIRED, message, "Say which rows are meant.", Severity.WARNING)
    yield from _check_columns("where", config.where)
    yield from _check_columns("data", config.data)
    yield from _check_columns("returning", config.returning)


def _check_columns(key: str, columns: Any) -> Iterable[Finding]:
    if isinstance(columns, str):  # a template
        return
    for index, name in enumerate(columns or ()):
        if "{{" not in name and name != "*" and not _COLUMN.fullmatch(name):
            step = index if isinstance(columns, list) else name
            yield Finding((key, step), Rule.VALUE, f'"{shown(name)}" is no name of a column.')


DATABASE = NodeKind(
    "database",
    DatabaseConfig,
    "Reads or changes rows of the platform's tables.",
    outputs=(
        Output("rows", "select: the rows, as a list."),
        Output("inserted", "insert: the new rows, as a list."),
        Output("updated", "update: the changed rows, as a list."),
        Output("deleted", "delete: the rows that are gone, as a list."),
        Output("count", "How many rows there are; of changed ones all count."),
        Output("cut", "True where there are more than the 1,000 rows that are given."),
    ),
    effect=Effect.DATABASE,
    check=check_database,
)
