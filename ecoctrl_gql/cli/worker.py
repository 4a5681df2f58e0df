"""The command that runs workflows without serving the API."""

import asyncio
import signal
from contextlib import suppress

import typer

from ecoctrl_gql.cli.session import load_settings, running_database
from ecoctrl_gql.config import Settings
from ecoctrl_gql.db import migrations
from ecoctrl_gql.workflows.background import Workflows


def worker() -> None:
    """Run workflows and nothing else; any number of workers may do so, on any number of machines."""
    settings = load_settings()
    with running_database(settings) as url:
        migrations.check_revision(url)
        asyncio.run(work(settings, url))
    typer.echo("The worker has ended.")


async def work(settings: Settings, url: str) -> None:
    """Run workflows until somebody stops the process."""
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for stop in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):  # Windows
            loop.add_signal_handler(stop, ended.set)
    workflows = Workflows(settings, url)
    await workflows.start()
    typer.echo("The worker runs workflows; Ctrl+C stops it.")
    await ended.wait()
    await workflows.stop()
