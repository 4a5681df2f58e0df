"""
The floor: what an answer costs without GraphQL.

One Starlette route and one hand-written statement for each workload, psycopg and orjson, served by uvicorn
with the server's own options.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from itertools import groupby
from operator import itemgetter
from typing import Any, LiteralString

import orjson
import uvicorn
from psycopg import AsyncConnection
from psycopg.rows import DictRow, dict_row
from psycopg_pool import AsyncConnectionPool
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ecoctrl_gql.config import Settings
from ecoctrl_gql.http.server import server_options

ALERT = "id, device, level, message, time, status"
READING = 'id, hour, k_wh AS "kWh", reading_at AS "readingAt"'

ONE_ALERT = f"SELECT {ALERT} FROM alerts WHERE id = %(id)s"
ALERTS = f"SELECT {ALERT} FROM alerts WHERE device = %(device)s ORDER BY time DESC, id DESC LIMIT 50"
READINGS = f"""
    SELECT {READING} FROM energy_readings WHERE area_id = %(area)s
    ORDER BY reading_at DESC, id DESC LIMIT 1000
"""
WORKFLOWS = """
    SELECT workflow.id AS "workflowId", name,
        execution.id, status, started_at AS "startedAt", completed_at AS "completedAt"
    FROM (SELECT id, name FROM workflows WHERE user_id = %(user)s ORDER BY name, id LIMIT 50) AS workflow
    CROSS JOIN LATERAL (
        SELECT id, status, started_at, completed_at FROM workflow_executions
        WHERE workflow_id = workflow.id ORDER BY started_at DESC, id DESC LIMIT 20
    ) AS execution
    ORDER BY name, workflow.id, started_at DESC, execution.id DESC
"""
CREATE_ALERT = f"""
    INSERT INTO alerts (device, level, message) VALUES (%(device)s, %(level)s, %(message)s) RETURNING {ALERT}
"""
ROWS = f"SELECT {READING} FROM energy_readings ORDER BY reading_at DESC, id DESC LIMIT %(first)s"

Shape = Callable[[list[DictRow]], Any]


def one_alert(rows: list[DictRow]) -> Any:
    return {"alert": rows[0]}


def alerts(rows: list[DictRow]) -> Any:
    return {"alerts": {"nodes": rows}}


def readings(rows: list[DictRow]) -> Any:
    return {"energyReadings": {"nodes": rows}}


def created_alert(rows: list[DictRow]) -> Any:
    return {"createAlert": {"alert": rows[0]}}


def workflows(rows: list[DictRow]) -> Any:
    nodes = [
        {
            "id": workflow_id,
            "name": name,
            "executions": {"nodes": [_execution(row) for row in executions]},
        }
        for (workflow_id, name), executions in groupby(rows, itemgetter("workflowId", "name"))
    ]
    return {"workflows": {"nodes": nodes}}


def _execution(row: DictRow) -> DictRow:
    return {name: row[name] for name in ("id", "status", "startedAt", "completedAt")}


def endpoint(statement: LiteralString, shape: Shape) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        variables = orjson.loads(await request.body())["variables"]
        pool: AsyncConnectionPool[AsyncConnection[DictRow]] = request.app.state.pool
        async with pool.connection() as connection:
            cursor = await connection.execute(statement, variables)
            rows = await cursor.fetchall()
        return Response(orjson.dumps({"data": shape(rows)}), media_type="application/json")

    return answer


def floor(settings: Settings) -> Starlette:
    """The application on the settings' database, with as large a pool as the server has."""
    url = settings.database_url.get_secret_value() if settings.database_url else ""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with AsyncConnectionPool(
            url,
            connection_class=AsyncConnection[DictRow],
            min_size=2,
            max_size=settings.database_pool_size,
            kwargs={"autocommit": True, "row_factory": dict_row, "options": "-c timezone=UTC"},
            open=False,
        ) as pool:
            app.state.pool = pool
            yield

    served = {
        "W1": (ONE_ALERT, one_alert),
        "W2": (ALERTS, alerts),
        "W3": (READINGS, readings),
        "W4": (WORKFLOWS, workflows),
        "W5": (CREATE_ALERT, created_alert),
        "R100": (ROWS, readings),
        "R1000": (ROWS, readings),
        "R10000": (ROWS, readings),
    }
    routes = [
        Route(f"/{name}", endpoint(statement, shape), methods=["POST"])
        for name, (statement, shape) in served.items()
    ]
    return Starlette(routes=routes, lifespan=lifespan)


if __name__ == "__main__":
    read = Settings.load()
    uvicorn.run(floor(read), **server_options(read))
