"""Commands that write sample data."""

import sys
from datetime import UTC, datetime
from typing import Annotated

import typer

from ecoctrl_gql.cli.session import load_settings, running_database
from ecoctrl_gql.cli.studio import serve_studio
from ecoctrl_gql.config import Settings
from ecoctrl_gql.db import migrations
from ecoctrl_gql.errors import SetupError
from ecoctrl_gql.progress import shown_progress
from ecoctrl_gql.seed import SeedResult
from ecoctrl_gql.seed import seed as add_samples


def seed() -> None:
    """Add sample users, dashboards and a believable building with a year of data."""
    settings = load_settings()
    with running_database(settings) as url:
        migrations.migrate(url)
        tell(seed_database(settings, url))


def refresh(
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask.")] = False,
    open_studio: Annotated[
        bool, typer.Option("--studio/--no-studio", help="Open the studio at the end.")
    ] = True,
) -> None:
    """Drop everything, bring the database to the models, seed it, open the studio (development only)."""
    settings = load_settings()
    if settings.production:
        raise SetupError("refresh would delete production data, so it refuses where ECOCTRL_ENV=production.")
    with running_database(settings) as url:
        if not yes:
            typer.confirm(f"Delete everything in the database {database_name(url)}?", abort=True)
        migrations.drop(url)
        migrations.push(url)
        tell(seed_database(settings, url))
        if open_studio:
            serve_studio(settings, url)


def seed_database(settings: Settings, url: str) -> SeedResult:
    password = settings.seed_password
    with shown_progress(sys.stderr) as progress:
        return add_samples(
            url,
            now=datetime.now(UTC),
            password=None if password is None else password.get_secret_value(),
            progress=progress,
        )


def tell(result: SeedResult) -> None:
    """Say what was added, and how to log in as the users that were made."""
    typer.echo(str(result))
    if result.logins:
        names = ", ".join(f"{name} ({role})" for name, role in result.logins)
        word = f"the password {result.password}" if result.made_password else "the password of SEED_PASSWORD"
        typer.echo(f"Sample users, all with {word}: {names}.")


def database_name(url: str) -> str:
    return url.rpartition("/")[2].partition("?")[0]
