"""The studio as the server mounts it."""

import asyncio
from collections.abc import Awaitable, Callable

from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from ecoctrl_gql.config import Settings
from ecoctrl_gql.db.database import Database


class Studio:
    """
    The data browser, an ASGI application for all paths under ``/studio``.

    It is put together at its first request and connects to the database at its first statement, so that it
    costs nothing while nobody opens it. Logins are looked at by the server's own connections.
    """

    def __init__(self, settings: Settings, database: Database) -> None:
        self._settings = settings
        self._database = database
        self._built: tuple[ASGIApp, Callable[[], Awaitable[None]]] | None = None
        self._building = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await WebSocketClose()(scope, receive, send)
            return
        app = await self._app()
        await app(_outermost(scope), receive, send)

    async def close(self) -> None:
        """Close the connections; a later request opens new ones."""
        if self._built is not None:
            _, dispose = self._built
            await dispose()

    async def _app(self) -> ASGIApp:
        async with self._building:
            if self._built is None:
                self._built = await asyncio.to_thread(self._build)
        return self._built[0]

    def _build(self) -> tuple[ASGIApp, Callable[[], Awaitable[None]]]:
        from ecoctrl_gql.studio.admin import build  # importing the library takes a quarter of a second

        return build(self._settings, self._database)


def create_studio(settings: Settings, database: Database) -> Studio:
    """The studio on a database that is open; `Studio.close` belongs into the server's shutdown."""
    return Studio(settings, database)


def _outermost(scope: Scope) -> Scope:
    """The scope as it was before the server's own routing, for the studio routes by itself."""
    inner = {"router", "app", "endpoint", "path_params", "app_root_path"}
    return {name: value for name, value in scope.items() if name not in inner} | {
        "root_path": scope.get("app_root_path", scope.get("root_path", ""))
    }
