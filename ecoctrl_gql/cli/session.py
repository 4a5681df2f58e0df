"""What most commands begin with: the settings, and a database that runs."""

from collections.abc import Iterator
from contextlib import contextmanager

from ecoctrl_gql.config import Settings
from ecoctrl_gql.db.embedded import EmbeddedPostgres
from ecoctrl_gql.db.migrations import ensure_database
from ecoctrl_gql.logs import configure_logging


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
        ensure_database(url)
        yield url
        return
    with EmbeddedPostgres(settings.data_dir / "postgres") as server:
        yield server.start()
