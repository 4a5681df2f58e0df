"""Writing a migration for what has changed in the models."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from secrets import token_hex

import psycopg
from alembic import command
from psycopg import errors as pg
from psycopg import sql

from ecoctrl_gql.db.migrations.compare import comparison
from ecoctrl_gql.db.migrations.concurrent import directives
from ecoctrl_gql.db.migrations.creation import create_database
from ecoctrl_gql.db.migrations.scripts import Source, ours
from ecoctrl_gql.db.migrations.server import connect, engine, parsed, sibling
from ecoctrl_gql.db.migrations.upgrade import migrate
from ecoctrl_gql.errors import SetupError


def generate(url: str, message: str, *, source: Source | None = None) -> list[Path]:
    """
    Write what leads from the existing migrations to the models.

    It is found by comparison with a scratch database beside the given one, so the state of that one does
    not matter. Indexes on existing tables come in a second file when there are other changes as well.

    Returns:
        The files, in the order in which they apply; none when nothing has changed.

    Raises:
        SetupError: The role may not create a scratch database, or the message says nothing.
    """
    source = source or ours()
    if not any(character.isalnum() for character in message):
        raise SetupError('Say in a few words what changes: make generate m="add a note to alerts".')
    with scratch_database(url) as scratch:
        migrate(scratch, source=source)
        with engine(scratch) as made, made.connect() as connection:
            options = comparison(connection, source.metadata)
            config = source.config(connection, process_revision_directives=directives, **options)
            written = command.revision(config, message, autogenerate=True)
    scripts = written if isinstance(written, list) else [written]
    files = [Path(script.path) for script in scripts if script is not None]
    _format(files)
    return files


def _format(files: list[Path]) -> None:
    """Have the project's formatter run over the files, where it is installed: in development it is."""
    if files and find_spec("ruff") is not None:
        command_line = [sys.executable, "-m", "ruff", "format", "--quiet", *map(str, files)]
        subprocess.run(command_line, check=False)  # noqa: S603 - the files are those just written


@contextmanager
def scratch_database(url: str) -> Iterator[str]:
    """
    An empty database on the same server, gone at the end.

    Raises:
        SetupError: The role may not create databases.
    """
    name = f"ecoctrl_scratch_{token_hex(6)}"
    with connect(sibling(url, "postgres")) as connection:
        try:
            create_database(connection, name)
        except pg.InsufficientPrivilege as error:
            role = parsed(url).get("user", "")
            raise SetupError(
                "Migrations are found by comparison with a scratch database: have an administrator run"
                f' ALTER ROLE "{role}" CREATEDB.'
            ) from error
        try:
            yield sibling(url, name)
        finally:
            with suppress(psycopg.Error):
                # FORCE would fail on an autovacuum worker, which a plain DROP sends away.
                connection.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(name)))
