"""The application: everything wired together from one `Settings`."""

import gc
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.types import ASGIApp
from starlette.websockets import WebSocket

from ecoctrl_gql.accounts.oauth_routes import oauth_routes
from ecoctrl_gql.auth.service import Auth
from ecoctrl_gql.auth.sockets import SocketRights
from ecoctrl_gql.config import Settings
from ecoctrl_gql.context import Context
from ecoctrl_gql.db.database import Database
from ecoctrl_gql.db.migrations.state import SchemaState, schema_state
from ecoctrl_gql.errors import SetupError, UnauthenticatedError, UnavailableError
from ecoctrl_gql.events.retention import Retention
from ecoctrl_gql.events.stream import EventStream
from ecoctrl_gql.examples import EXAMPLES
from ecoctrl_gql.http.graphiql import graphiql_assets, graphiql_page
from ecoctrl_gql.http.headers import header
from ecoctrl_gql.http.health import health_routes
from ecoctrl_gql.http.metrics import Metrics
from ecoctrl_gql.http.middleware import edge
from ecoctrl_gql.http.responses import EXCEPTION_HANDLERS
from ecoctrl_gql.http.view import GraphQLView
from ecoctrl_gql.jobs import DAILY_JOBS
from ecoctrl_gql.jobs.daily import DailyJobs
from ecoctrl_gql.logs import configure_logging
from ecoctrl_gql.platform.smtp import sync_smtp_from_env
from ecoctrl_gql.schema import build_schema
from ecoctrl_gql.studio.app import create_studio
from ecoctrl_gql.workflows.background import Workflows
from ecoctrl_gql.workflows.webhook_route import webhook_route

LOGIN_HINT = "The server's first start has printed names and a password in its terminal."
API_KEY_HINT = "An API key is made by createApiKey."


def create_app(settings: Settings, database: Database, auth: Auth | None = None) -> ASGIApp:
    """
    The application on a database, which it opens at start-up and closes at shutdown.

    Args:
        settings: How it is set up.
        database: The database.
        auth: Tells callers; made from the settings by default.
    """
    metrics = Metrics()
    studio = create_studio(settings, database)
    auth = auth or Auth(database, settings)
    events = EventStream(database, timedelta(days=settings.event_retention_days))
    retention = Retention(database, events.retention)
    daily = DailyJobs(database, DAILY_JOBS)
    workflows = Workflows(settings, database.conninfo) if settings.worker else None

    async def make_context(request: Request | WebSocket, response: Any) -> Context:
        context = Context(db=database, events=events, auth=auth, request=request, response=response)
        authorization = header(request, b"authorization")
        if authorization is not None:
            try:
                context.caller = await auth.callers.of(authorization)
            except UnauthenticatedError as error:
                context.refused = error  # what needs no login is answered all the same
        return context

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        await database.open()
        await sync_smtp_from_env(database, settings)
        auth.start()
        daily.start()
        events.start()
        retention.start()
        if workflows is not None:
            await workflows.start()
        spare_collections()
        yield
        if workflows is not None:
            await workflows.stop()
        await retention.stop()
        await events.stop()
        await daily.stop()
        await auth.stop()
        await studio.close()
        await database.close()

    view = GraphQLView(
        build_schema(settings),
        make_context,
        operation_context=Context.for_operation,
        gate=SocketRights(auth.callers, auth.watch),
        render_ide=render_graphiql if settings.graphiql_enabled else None,
        allowed_origins=[*settings.cors_origin, *([settings.public_url] if settings.public_url else [])],
        operation_timeout_s=settings.request_timeout_s,
    )
    routes: list[BaseRoute] = [
        Route("/", lambda _: RedirectResponse("/graphql")),
        Route("/graphql", view),
        WebSocketRoute("/graphql", view),
        Mount("/studio", studio),
        webhook_route(database, auth.keys),
        *oauth_routes(database, auth),
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
    return graphiql_page(examples=EXAMPLES, login_hint=LOGIN_HINT, token_hint=API_KEY_HINT)


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
