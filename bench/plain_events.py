"""
Subscriptions by Strawberry's plain way, to compare with: ``python -m bench.plain_events``.

Each subscriber has a queue, and an execution of its own for each event, as one would write it with nothing
but Strawberry. Alerts are read once for all, by key, which loses those of transactions that commit late.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

import orjson
import strawberry
import uvicorn
from psycopg import AsyncConnection
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from strawberry.asgi import GraphQL

from ecoctrl_gql.config import Settings
from ecoctrl_gql.db.listening import listen
from ecoctrl_gql.db.publishing import CHANNEL
from ecoctrl_gql.http.server import server_options

EVENTS = "SELECT id, data FROM events WHERE id > %s AND subject = 'alerts' AND change = 'created' ORDER BY id"


@strawberry.type
class Alert:
    id: strawberry.ID
    message: str
    level: str
    status: str
    time: datetime


@strawberry.type
class AlertAdded:
    cursor: str
    alert: Alert


@strawberry.type
class Query:
    nothing: str | None = None


queues: set[asyncio.Queue[AlertAdded]] = set()


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def alert_added(self) -> AsyncGenerator[AlertAdded, None]:
        queue: asyncio.Queue[AlertAdded] = asyncio.Queue()
        queues.add(queue)
        try:
            while True:
                yield await queue.get()
        finally:
            queues.discard(queue)


async def read(conninfo: str, wake: asyncio.Event) -> None:
    """Put each new alert into all queues."""
    async with await AsyncConnection.connect(conninfo, autocommit=True) as connection:
        found = await (await connection.execute("SELECT coalesce(max(id), 0) FROM events")).fetchone()
        last = found[0] if found else 0
        while await wake.wait():
            wake.clear()
            for key, data in await (await connection.execute(EVENTS, [last])).fetchall():
                last = key
                time = datetime.fromisoformat(data["time"])
                fields = {name: data[name] for name in ("id", "message", "level", "status")}
                alert = Alert(**fields, time=time)
                for queue in queues:
                    queue.put_nowait(AlertAdded(cursor=str(key), alert=alert))


def main() -> None:
    settings = Settings.load()
    conninfo = settings.database_url.get_secret_value() if settings.database_url else ""

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        wake = asyncio.Event()
        tasks = [
            asyncio.create_task(listen(conninfo, CHANNEL, wake.set)),
            asyncio.create_task(read(conninfo, wake)),
        ]
        yield
        for task in tasks:
            task.cancel()

    class Endpoint(GraphQL[None, None]):
        def encode_json(self, data: object) -> str:
            return orjson.dumps(data).decode()

    view = Endpoint(strawberry.Schema(Query, subscription=Subscription))
    app = Starlette(routes=[WebSocketRoute("/graphql", view)], lifespan=lifespan)
    # so busy that clients would seem to be gone
    uvicorn.run(app, **server_options(settings), ws_ping_interval=None)


if __name__ == "__main__":
    main()
