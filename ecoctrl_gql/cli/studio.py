"""The command that serves the data browser alone."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

import typer
import uvicorn
from starlette.applications import Starlette
from starlette.responses import RedirectResponse
from starlette.routing import Mount, Route

from ecoctrl_gql.cli.ports import free_port
from ecoctrl_gql.cli.session import load_settings, running_database
from ecoctrl_gql.config import Settings
from ecoctrl_gql.db import migrations
from ecoctrl_gql.db.database import Database
from ecoctrl_gql.studio.app import create_studio

LOOPBACK = "127.0.0.1"
CONNECTIONS = 2
"""For logins; one for what is counted, one for who it is."""


def studio(
    port: Annotated[int, typer.Option(help="The port to serve on; a free one by default.")] = 0,
) -> None:
    """Serve the data browser on the configured database."""
    settings = load_settings()
    with running_database(settings) as url:
        migrations.check_revision(url)
        serve_studio(settings, url, port)


def serve_studio(settings: Settings, url: str, port: int = 0) -> None:
    """Serve the data browser until somebody stops it."""
    port = port or free_port(LOOPBACK)
    database = Database(url, pool_size=CONNECTIONS)
    app = create_studio(settings, database)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        await database.open()
        yield
        await app.close()
        await database.close()

    routes = [Route("/", lambda _: RedirectResponse("/studio/")), Mount("/studio", app)]
    typer.echo(f"Studio: http://{LOOPBACK}:{port}/studio/ (log in as an admin; Ctrl+C ends it)")
    uvicorn.run(
        Starlette(routes=routes, lifespan=lifespan),
        host=LOOPBACK,
        port=port,
        log_config=None,
        access_log=False,
    )
