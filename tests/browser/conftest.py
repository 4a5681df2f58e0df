"""Servers with the real page and assets."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import strawberry
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.types import ASGIApp
from strawberry.asgi import GraphQL
from strawberry.exceptions import ConnectionRejectionError
from strawberry.types import Info

from ecoctrl_gql.http.graphiql import Example, graphiql_assets, graphiql_page

LOGIN_HINT = "The names stand in the <terminal>."
TOKEN_HINT = "API keys work <too>."
BUILDING_QUERY = """\
query Building {
  building {
    name
    floors {
      level
    }
  }
}
"""
FLOOR_QUERY = """\
query Floor($level: Int!) {
  floor(level: $level) {
    level
  }
}
"""
EXAMPLES = (
    Example("A building and its floors", BUILDING_QUERY),
    Example("One floor", FLOOR_QUERY, {"level": 2}),
    Example("</script><script>alert(1)</script>", "query Escaped { building { name } }"),
)


@strawberry.type(description="A storey of a building.")
class Floor:
    level: int


@strawberry.type(description="A house whose energy is watched.")
class Building:
    name: str
    floors: list[Floor]


@strawberry.type
class Query:
    @strawberry.field
    def building(self) -> Building:
        return Building(name="Tower 北", floors=[Floor(level=1), Floor(level=2)])

    @strawberry.field
    def floor(self, level: int) -> Floor:
        return Floor(level=level)

    @strawberry.field
    def authorization(self, info: Info) -> str | None:
        authorization: str | None = info.context["request"].headers.get("authorization")
        return authorization


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def count(self, to: int) -> AsyncIterator[int]:
        for number in range(1, to + 1):
            yield number

    @strawberry.subscription
    async def connection_authorization(self, info: Info, stay: bool = False) -> AsyncIterator[str | None]:
        yield info.context["connection_params"].get("authorization")
        if stay:
            await asyncio.Event().wait()


class View(GraphQL[Any, Any]):
    async def render_graphql_ide(self, request: Request) -> Response:
        return graphiql_page(examples=EXAMPLES, login_hint=LOGIN_HINT, token_hint=TOKEN_HINT)

    async def on_ws_connect(self, context: Any) -> Any:
        if context["connection_params"].get("authorization") == "Bearer refused":
            raise ConnectionRejectionError
        return await super().on_ws_connect(context)


@pytest.fixture(scope="session")
def application() -> Starlette:
    view = View(
        strawberry.Schema(Query, subscription=Subscription), subscription_protocols=("graphql-transport-ws",)
    )
    return Starlette(
        routes=[
            Route("/graphql", view),
            WebSocketRoute("/graphql", view),
            Mount("/graphiql", graphiql_assets()),
        ]
    )


@asynccontextmanager
async def served(application: ASGIApp, **options: Any) -> AsyncIterator[str]:
    """The address of an application that is served, with uvicorn's options, for as long as the block runs."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(application, **{"log_config": None, **options}))
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    await serving


@pytest.fixture(scope="session")
async def server_url(application: Starlette) -> AsyncIterator[str]:
    async with served(application) as url:
        yield url
