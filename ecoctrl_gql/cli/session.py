"""What most commands begin with: the settings, and a database that runs."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from ecoctrl_gql.config import Settings
from ecoctrl_gql.db import migrations
from ecoctrl_gql.db.embedded import EmbeddedPostgres
from ecoctrl_gql.errors import SetupError
from ecoctrl_gql.logs import configure_logging

WATCH_EVERY_S = 2.0

log = structlog.stdlib.get_logger("ecoctrl.database")


def load_settings() -> Settings:
    """
    The settings, with logs set up as they say.

    Raises:
        SetupError: They can't be used.
    """
    settings = Settings.load()
    configure_logging(settings)
    return settings


@contextmanager
def running_database(settings: Settings) -> Iterator[str]:
    """
    The URL of the database, which exists: that of ``DATABASE_URL``, else the embedded one's.

    Raises:
        SetupError: It can't be reached, started or created.
    """
    if settings.database_url is not None:
        url = settings.database_url.get_secret_value()
        migrations.ensure_database(url)
        yield url
        return
    with EmbeddedPostgres(settings.data_dir / "postgres") as server:
        url = server.start()
        with kept_alive(server):
            yield url


@contextmanager
def kept_alive(server: EmbeddedPostgres) -> Iterator[None]:
    """Start the database again whenever it dies, for as long as the block runs."""
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(WATCH_EVERY_S):
            try:
                server.revive()
            except SetupError as error:
                log.warning("The embedded database died and does not start again", reason=error.message)

    watcher = threading.Thread(target=watch, name="database watcher", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        ended.set()
        watcher.join()
