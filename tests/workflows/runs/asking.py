"""Nodes and looks that many tests of runs share."""

from typing import Any

from tests.workflows.dsl.building import node


def ask(id: str, url: str | None = None, on_error: Any = None, **config: Any) -> dict[str, Any]:
    return node(id, "http_request", on_error, url=f"http://test/{url or id}", **config)


def paths(run: dict[str, Any]) -> list[str]:
    return [log["path"] for log in run["nodeLogs"]]


def states(run: dict[str, Any]) -> list[tuple[str, int, str]]:
    return [(log["path"], log["attempt"], log["status"]) for log in run["nodeLogs"]]


def log_of(run: dict[str, Any], path: str, attempt: int = 1) -> dict[str, Any]:
    [log] = [log for log in run["nodeLogs"] if (log["path"], log["attempt"]) == (path, attempt)]
    return log


async def row_of(db: Any, run: dict[str, Any], columns: str) -> tuple[Any, ...]:
    async with db.connection() as connection:
        statement = f"SELECT {columns} FROM workflow_executions WHERE id = %s"  # noqa: S608 - our own
        row = await (await connection.execute(statement, [run["databaseId"]])).fetchone()
    return tuple(row)


async def execute(db: Any, statement: str, *values: Any) -> list[tuple[Any, ...]]:
    async with db.connection() as connection:
        cursor = await connection.execute(statement, values)
        return [tuple(row) for row in await cursor.fetchall()] if cursor.description else []
