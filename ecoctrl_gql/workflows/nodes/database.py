"""Reads or changes rows of the platform's own tables."""

from dataclasses import replace
from typing import Any

from ecoctrl_gql.db.repositories import Repositories
from ecoctrl_gql.db.workflow_tables import Rows
from ecoctrl_gql.errors import EcoctrlError, UnavailableError
from ecoctrl_gql.workflows.dsl.kinds.database import ALIASES, DATABASE, TABLES, WRITABLE, DatabaseConfig
from ecoctrl_gql.workflows.nodes.call import Action, NodeCall, Preview
from ecoctrl_gql.workflows.nodes.failures import NodeFailure

WRITTEN = {"insert": "inserted", "update": "updated", "delete": "deleted"}


async def run(call: NodeCall[DatabaseConfig]) -> dict[str, Any]:
    return _result(call.config, await _done(call.transaction, call))


async def preview(call: NodeCall[DatabaseConfig]) -> Preview:
    """Reads are done, in a transaction that refuses changes; of a change is told which rows it meets."""
    config = call.config
    operation = config.operation or "select"
    async with call.db.transaction() as repos:
        await repos.workflow_tables.read_only()
        if operation == "select":
            return Preview(_result(config, await _done(repos, call)))
        _check(call)
        data = dict(config.data or {})
        met = Rows([data], 1)
        if operation != "insert":
            met = await _select(repos, config)
            if operation == "update":
                met = replace(met, rows=[{**row, **data} for row in met.rows])
    effect = {
        "operation": operation,
        "table": _table(config),
        "where": config.where or {},
        "data": data,
        "count": met.count,
    }
    return Preview(_result(config, met), effect if met.rows else None)


async def _done(repos: Repositories, call: NodeCall[DatabaseConfig]) -> Rows:
    config, tables = call.config, repos.workflow_tables
    returning, where, data = config.returning or [], config.where or {}, config.data or {}
    try:
        match config.operation or "select":
            case "select":
                return await _select(repos, config)
            case "insert":
                _check(call)
                return await tables.insert(_table(config), data, returning)
            case "update":
                _check(call)
                return await tables.update(_table(config), where, data, returning)
            case _:
                _check(call)
                return await tables.delete(_table(config), where, returning)
    except UnavailableError:
        raise
    except EcoctrlError as error:
        raise NodeFailure(error.message) from None


async def _select(repos: Repositories, config: DatabaseConfig) -> Rows:
    return await repos.workflow_tables.select(_table(config), config.where or {}, config.returning or [])


def _check(call: NodeCall[DatabaseConfig]) -> None:
    """See that the change is allowed, and does not change everything."""
    config, table = call.config, _table(call.config)
    if table not in TABLES:
        raise NodeFailure(f"A workflow has no access to a table {table[:63]}.")
    if table not in WRITABLE:
        raise NodeFailure(f"Workflows only read {table}.")
    if table not in call.tools.settings.workflow_database_write:
        raise NodeFailure(
            f"Workflows only read {table}; WORKFLOW_DATABASE_WRITE names the tables they change."
        )
    if config.operation in ("update", "delete") and not config.where:
        raise NodeFailure(
            f"The operation {config.operation} without where would change every row; say which."
        )
    if config.operation in ("insert", "update") and not config.data:
        raise NodeFailure(f"The operation {config.operation} needs data.")


def _table(config: DatabaseConfig) -> str:
    return ALIASES.get(config.table, config.table)


def _result(config: DatabaseConfig, found: Rows) -> dict[str, Any]:
    name = WRITTEN.get(config.operation or "", "rows")
    result: dict[str, Any] = {name: found.rows, "count": found.count}
    return {**result, "cut": True} if found.cut else result


ACTION = Action(DATABASE, run, preview)
