"""Commands that change the database's schema."""

from typing import Annotated

import typer

from ecoctrl_gql.cli.session import load_settings, running_database
from ecoctrl_gql.db import migrations
from ecoctrl_gql.errors import SetupError


def migrate() -> None:
    """Apply the migrations that the database lacks."""
    with running_database(load_settings()) as url:
        applied = migrations.migrate(url)
    for name in applied:
        typer.echo(f"Applied {name}")
    typer.echo(f"{len(applied)} migrations applied." if applied else "The database is up to date.")


def generate(
    message: Annotated[str, typer.Option("--message", "-m", help="What changes, in a few words.")],
) -> None:
    """Write a migration from the models; nothing when nothing has changed."""
    with running_database(load_settings()) as url:
        files = migrations.generate(url, message)
    for file in files:
        typer.echo(f"Wrote {file}; read it before you commit it.")
    if not files:
        typer.echo("Nothing has changed, so there is no migration to write.")


def push(
    accept_loss: Annotated[
        bool, typer.Option("--accept-loss", help="Drop tables and columns that the models no longer have.")
    ] = False,
) -> None:
    """Bring the database to the models directly, without a migration (development only)."""
    settings = load_settings()
    if settings.production:
        raise SetupError("push is for development; in production run `ecoctrl migrate`.")
    with running_database(settings) as url:
        statements = migrations.push(url, accept_loss=accept_loss)
    typer.echo(
        f"Done with {len(statements)} statements." if statements else "The database fits the models already."
    )
