"""Bringing a database to the schema that this version of the program needs."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from alembic import command
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, inspect

from ecoctrl_gql.db.migrations.scripts import Source, ours, script_name
from ecoctrl_gql.db.migrations.server import connect, engine
from ecoctrl_gql.db.migrations.workflow_role import ensure_workflow_role
from ecoctrl_gql.errors import SetupError

TURN_TIMEOUT_S = 600.0
TURN_POLL_S = 0.1

_TAKE_TURN = "SELECT pg_try_advisory_lock(hashtext('ecoctrl migrations'))"


def migrate(url: str, *, source: Source | None = None) -> list[str]:
    """
    Apply the migrations that the database lacks; of several processes at once, one does it.

    Returns:
        The names of those that were applied, in order.

    Raises:
        SetupError: The database is newer than the program, is not ours, or refuses a migration.
    """
    source = source or ours()
    with turn(url), engine(url) as made, made.connect() as connection:
        missing = _missing(connection, source)
        if missing:
            command.upgrade(source.config(connection), "head")
        if source == ours():
            ensure_workflow_role(connection)
        return missing


def pending(url: str, *, source: Source | None = None) -> list[str]:
    """
    The names of the migrations that the database lacks.

    Raises:
        SetupError: The database is newer than the program, is not ours, or can't be reached.
    """
    with engine(url) as made, made.connect() as connection:
        return _missing(connection, source or ours())


def check_revision(url: str, *, source: Source | None = None) -> None:
    """
    See that the database has all migrations.

    Raises:
        SetupError: It lacks some, is newer than the program, is not ours, or can't be reached.
    """
    missing = pending(url, source=source)
    if missing:
        raise SetupError(f"The database lacks {len(missing)} migration(s): run `ecoctrl migrate`.")


def downgrade(url: str, revision: str, *, source: Source | None = None) -> None:
    """
    Take migrations back down to a revision, or all with ``base``.

    Raises:
        SetupError: The revision is unknown, or the database refuses.
    """
    source = source or ours()
    with turn(url), engine(url) as made, made.connect() as connection:
        command.downgrade(source.config(connection), revision)


@contextmanager
def turn(url: str) -> Iterator[None]:
    """
    The right to change the schema, held by one process at a time.

    Raises:
        SetupError: Another process has held it for ten minutes.
    """
    with connect(url, application_name="ecoctrl migrations") as connection:
        deadline = time.monotonic() + TURN_TIMEOUT_S
        # Polled: whoever waits inside a statement holds a snapshot, for whose end CREATE INDEX CONCURRENTLY
        # of the one at work would wait in turn.
        while connection.execute(_TAKE_TURN).fetchone() != (True,):
            if time.monotonic() > deadline:
                raise SetupError("Another process has changed the schema for ten minutes: end it first.")
            time.sleep(TURN_POLL_S)
        yield  # the lock goes with the connection


def current_revision(connection: Connection) -> str | None:
    """The revision that the database is at; None before the first migration."""
    revision = MigrationContext.configure(connection).get_current_revision()
    connection.rollback()  # Alembic begins its own transactions only on a connection that is in none
    return revision


def _missing(connection: Connection, source: Source) -> list[str]:
    revision = current_revision(connection)
    if revision is None:
        refuse_foreign(connection, source)
    return [script_name(script) for script in source.after(revision)]


def refuse_foreign(connection: Connection, source: Source) -> None:
    """See that a database without migrations has none of our tables; they would be another program's."""
    foreign = sorted(set(inspect(connection).get_table_names()) & set(source.metadata.tables))
    connection.rollback()
    if foreign:
        raise SetupError(
            f"The database holds tables that this program did not make ({', '.join(foreign[:3])}, …):"
            " let DATABASE_URL name an empty database."
        )
