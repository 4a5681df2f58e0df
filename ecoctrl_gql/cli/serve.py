"""The command that runs the server."""

import os
from contextlib import ExitStack
from typing import Annotated

import typer
import uvicorn

from ecoctrl_gql.cli.accounts import tell_admin
from ecoctrl_gql.cli.data import seed_database, tell
from ecoctrl_gql.cli.ports import require_free
from ecoctrl_gql.cli.session import load_settings, running_database
from ecoctrl_gql.config import Settings
from ecoctrl_gql.db import migrations
from ecoctrl_gql.http.server import server_options
from ecoctrl_gql.instance import InstanceLock
from ecoctrl_gql.seed import ensure_admin, has_users


def serve(
    host: Annotated[str | None, typer.Option(help="The address to listen on; HOST by default.")] = None,
    port: Annotated[int | None, typer.Option(help="The port to listen on; PORT by default.")] = None,
    workers: Annotated[int | None, typer.Option(help="API processes; WORKERS by default.")] = None,
    worker: Annotated[
        bool | None,
        typer.Option("--worker/--no-worker", help="Run workflows in these processes too; WORKER by default."),
    ] = None,
) -> None:
    """Serve the API, GraphiQL and the studio; migrates first, and seeds an empty development database."""
    given = {"host": host, "port": port, "workers": workers, "worker": worker}
    settings = load_settings()
    settings = settings.model_copy(update={name: value for name, value in given.items() if value is not None})
    with ExitStack() as stack:
        if settings.database_url is None:
            stack.enter_context(InstanceLock.acquire(settings.data_dir))
        require_free(settings.host, settings.port)
        url = stack.enter_context(running_database(settings))
        prepare(settings, url)
        tell_addresses(settings)
        run(settings, url)


def prepare(settings: Settings, url: str) -> None:
    """Bring the database to this version; give an empty one its first accounts."""
    if not migrations.is_current(url):
        for name in migrations.migrate(url):
            typer.echo(f"Applied the migration {name}.")
    if not has_users(url):
        make_first_accounts(settings, url)


def make_first_accounts(settings: Settings, url: str) -> None:
    """
    The sample building with its users in development, an administrator in production.

    An administrator whose password the environment sets is made in either, and before the samples, which
    leave a user name that is taken alone.
    """
    password = settings.init_admin_password
    if settings.production or password is not None:
        admin = ensure_admin(
            url,
            settings.init_admin_username,
            settings.init_admin_email,
            None if password is None else password.get_secret_value(),
        )
        if admin is not None:
            tell_admin(admin)
    if not settings.production:
        tell(seed_database(settings, url))


def tell_addresses(settings: Settings) -> None:
    root = f"http://{settings.host}:{settings.port}"
    typer.echo(f"\nEcoCtrl is ready:\n  API       {root}/graphql")
    if settings.graphiql_enabled:
        typer.echo(f"  GraphiQL  {root}/graphql (the same address, in a browser; log in there)")
    typer.echo(f"  Studio    {root}/studio (log in as an admin)\n  Ctrl+C stops it.\n")


def run(settings: Settings, url: str) -> None:
    """Serve until somebody stops it; the processes find what was decided here in the environment."""
    os.environ["DATABASE_URL"] = url
    os.environ["WORKER"] = str(settings.worker)
    options = server_options(settings)
    uvicorn.run("ecoctrl_gql.app:app_from_environment", factory=True, **options)
