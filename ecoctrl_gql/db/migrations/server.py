"""Reaching the PostgreSQL server, and in words what keeps us from it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import Connection
from psycopg import errors as pg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.pq import PGconn, Ping
from sqlalchemy import Engine, create_engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from ecoctrl_gql.errors import SetupError

LOCK_TIMEOUT_S = 5
"""How long a change waits for a table in use; all who come after it wait as well, so it must be short."""

WAITS_S = (0.25, 0.5, 1.0, 1.5, 2.0)
"""Pauses between attempts to reach a server that may be starting."""


def connect(url: str, **options: Any) -> Connection:
    """
    A connection in autocommit mode; a server that is starting is waited for.

    Raises:
        SetupError: There is none; the message says why.
    """
    conninfo = with_default_timeout(url)
    for wait_s in (*WAITS_S, None):
        try:
            return Connection.connect(conninfo, autocommit=True, **options)
        except psycopg.OperationalError as error:
            answer = ping(conninfo)
            if wait_s is None or answer not in (Ping.REJECT, Ping.NO_RESPONSE):
                raise SetupError(_refusal(conninfo, answer, error)) from error
        time.sleep(wait_s)
    raise AssertionError("the last attempt returns or raises")


def ping(conninfo: str) -> Ping:
    """Whether there is a server; what it says of itself is no help, for it comes in any language."""
    return Ping(PGconn.ping(conninfo.encode()))


def with_default_timeout(url: str) -> str:
    """The URL with a limit on how long a silent server is waited for."""
    parameters = parsed(url)
    return make_conninfo(url, connect_timeout=parameters.get("connect_timeout", "10"))


def parsed(url: str) -> dict[str, Any]:
    """
    The parameters of a URL.

    Raises:
        SetupError: It is malformed. The message does not quote it, for a password may be what is malformed.
    """
    try:
        parameters = conninfo_to_dict(url)
    except psycopg.ProgrammingError:
        parameters = {"port": "malformed"}
    if not all(port.isdecimal() for port in str(parameters.get("port") or "0").split(",")):
        raise SetupError(
            "DATABASE_URL is not an address of PostgreSQL: write postgresql://user:password@host:5432/name,"
            " with special characters of the password percent-encoded."
        ) from None
    return parameters


def sibling(url: str, database: str) -> str:
    """The address of another database on the same server."""
    return make_conninfo(url, dbname=database)


@contextmanager
def engine(url: str) -> Iterator[Engine]:
    """A SQLAlchemy engine whose sessions give up on a locked table, but never on a long change."""

    def open_connection() -> Connection:
        connection = connect(url, application_name="ecoctrl migrations")
        connection.execute(f"SET lock_timeout = '{LOCK_TIMEOUT_S}s'")
        connection.execute("SET statement_timeout = 0")
        connection.autocommit = False
        return connection

    made = create_engine("postgresql+psycopg://", creator=open_connection, poolclass=NullPool)
    try:
        with setup_errors():
            yield made
    finally:
        made.dispose()


@contextmanager
def setup_errors() -> Iterator[None]:
    """
    Translate what PostgreSQL and Alembic raise.

    Raises:
        SetupError: Something went wrong; the message says what to do.
    """
    try:
        yield
    except DBAPIError as error:
        raise SetupError(_complaint(error.orig)) from error
    except psycopg.Error as error:
        raise SetupError(_complaint(error)) from error
    except Exception as error:
        from alembic.util import CommandError  # large, and known already to who meets one

        if not isinstance(error, CommandError):
            raise
        raise SetupError(f"The migrations can't be used: {str(error).rstrip('.')}.") from error


def _complaint(error: BaseException | None) -> str:
    said = error.diag.message_primary if isinstance(error, psycopg.Error) else None
    match error:
        case pg.LockNotAvailable():
            return (
                f"A table to be changed was in use for more than {LOCK_TIMEOUT_S} s: end long transactions"
                " on the database, or stop the servers that use it, and run the command again."
            )
        case pg.InsufficientPrivilege() | pg.InvalidSchemaName():
            return f"The role of DATABASE_URL lacks a right ({said}): make it the owner of the database."
        case pg.IntegrityError():
            return f"Stored rows don't fit the new schema ({said}): correct them and run the command again."
        case psycopg.OperationalError() if said is None:
            return "The connection to the database was lost: run the command again."
        case _:
            return f"The database refused a change of its schema: {said or error}."


def _refusal(conninfo: str, answer: Ping, error: psycopg.OperationalError) -> str:
    where, said = place(conninfo), " ".join(str(error).rsplit("failed: ", 1)[-1].split())
    if answer == Ping.NO_RESPONSE:
        return f"No PostgreSQL answers at {where}: start it, or correct DATABASE_URL ({said.rstrip('.')})."
    if answer == Ping.REJECT:
        return f"The PostgreSQL at {where} takes no connections yet: try again in a moment ({said})."
    if error.pgconn is not None and error.pgconn.needs_password:
        return f"The PostgreSQL at {where} asks for a password: put it into DATABASE_URL."
    if "password authentication failed" in said:
        return f"The PostgreSQL at {where} refuses the user name or password: correct them in DATABASE_URL."
    return f"The PostgreSQL at {where} refuses the connection: {said}. Correct DATABASE_URL."


def place(url: str) -> str:
    """Where the server is, for people; without user and password."""
    parameters = parsed(url)
    return f"{parameters.get('host', 'localhost')}:{parameters.get('port', 5432)}"
