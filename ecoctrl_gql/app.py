"""The application: everything wired together from one `Settings`."""

import gc
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.types import ASGIApp
from starlette.websockets import WebSocket

from ecoctrl_gql.config import Settings
from ecoctrl_gql.context import Context
from ecoctrl_gql.db.database import Database
from ecoctrl_gql.db.enums import Role
from ecoctrl_gql.db.migrations import SchemaState, schema_state
from ecoctrl_gql.errors import SetupError, UnavailableError
from ecoctrl_gql.examples import EXAMPLES
from ecoctrl_gql.http.graphiql import graphiql_assets, graphiql_page
from ecoctrl_gql.http.health import health_routes
from ecoctrl_gql.http.metrics import Metrics
from ecoctrl_gql.http.middleware import edge
from ecoctrl_gql.http.responses import EXCEPTION_HANDLERS
from ecoctrl_gql.http.view import GraphQLView
from ecoctrl_gql.logs import configure_logging
from ecoctrl_gql.platform.smtp import sync_smtp_from_env
from ecoctrl_gql.schema import build_schema
from ecoctrl_gql.studio.app import create_studio

LOCAL_ROLE = Role.SUPER_ADMIN
"""What a caller may do while there is no login: all, for nobody but this machine can reach the server."""

HINT = "This server is open to this machine only, and needs no token yet."


def create_app(settings: Settings, database: Database) -> ASGIApp:
    """The application on a database, which it opens at start-up and closes at shutdown."""
    metrics = Metrics()
    studio = create_studio(settings, database.conninfo)

    async def make_context(request: Request | WebSocket, response: Any) -> Context:
        return Context(db=database, role=LOCAL_ROLE, request=request, response=response)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        await database.open()
        await sync_smtp_from_env(database, settings)
        spare_collections()
        yield
        await studio.close()
        await database.close()

    view = GraphQLView(
        build_schema(settings),
        make_context,
        render_ide=render_graphiql if settings.graphiql_enabled else None,
        allowed_origins=[*settings.cors_origin, *([settings.public_url] if settings.public_url else [])],
        operation_timeout_s=settings.request_timeout_s,
    )
    routes: list[BaseRoute] = [
        Route("/", lambda _: RedirectResponse("/graphql")),
        Route("/graphql", view),
        WebSocketRoute("/graphql", view),
        Mount("/studio", studio),
        *health_routes(lambda: problems(database), metrics),
    ]
    if settings.graphiql_enabled:
        routes.append(Mount("/graphiql", graphiql_assets()))
    starlette = Starlette(routes=routes, lifespan=lifespan, exception_handlers=EXCEPTION_HANDLERS)
    return edge(starlette, settings, metrics, direct={"/graphql": view})


def spare_collections() -> None:
    """
    Take what start-up has made out of the garbage collector's sight, and let it look less often.

    Each full collection would walk some 180,000 objects that live as long as the process, a tenth of a
    second in which no request is served; a request leaves next to no garbage of its own.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)


async def render_graphiql(_: Request) -> Response:
    return graphiql_page(examples=EXAMPLES, token_hint=HINT)


async def problems(database: Database) -> Sequence[str]:
    """What keeps the server from serving; nothing when all is well."""
    try:
        state = await schema_state(database)
    except UnavailableError:
        return ["The database can't be reached."]
    return [] if state is SchemaState.CURRENT else [f"The database's schema is {state} this version."]


def app_from_environment() -> ASGIApp:
    """The application as a worker process makes it, from the settings that the main process left behind."""
    settings = Settings.load()
    if settings.database_url is None:
        raise SetupError("A worker process needs DATABASE_URL.")
    configure_logging(settings)
    return create_app(settings, database_of(settings, settings.database_url.get_secret_value()))


def database_of(settings: Settings, url: str) -> Database:
    return Database(
        url, pool_size=settings.database_pool_size, statement_timeout_s=settings.request_timeout_s
    )
