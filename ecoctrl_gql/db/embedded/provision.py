"""The application's own role and database on the embedded server."""

import psycopg
from psycopg import sql

from ecoctrl_gql.db.embedded.initdb import SUPERUSER
from ecoctrl_gql.db.migrations.workflow_role import ROLE
from ecoctrl_gql.errors import SetupError

NAME = "ecoctrl"


def provision(port: int, password: str, superuser_password: str) -> str:
    """
    Make what is missing of the role and its database.

    Returns:
        The URL to log in with: of a role that owns the database and may create others.

    Raises:
        SetupError: The server refuses the login.
    """
    url = _url(port, NAME, password, NAME)
    try:
        if not _can_log_in(url):
            _make_role(_url(port, SUPERUSER, superuser_password, "postgres"), password)
            _add_statistics(_url(port, SUPERUSER, superuser_password, NAME))
            psycopg.connect(url).close()
        if not _has_workflow_role(url):
            _add_workflow_role(_url(port, SUPERUSER, superuser_password, "postgres"))
    except psycopg.Error as error:
        raise SetupError(
            f"The embedded PostgreSQL can't be set up: {str(error).strip().splitlines()[-1]}."
        ) from error
    return url


def _url(port: int, user: str, password: str, database: str) -> str:
    return f"postgresql://{user}:{password}@127.0.0.1:{port}/{database}"


def _can_log_in(url: str) -> bool:
    try:
        psycopg.connect(url).close()
    except psycopg.OperationalError:
        return False
    return True


def _make_role(superuser_url: str, password: str) -> None:
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        verifier = connection.pgconn.encrypt_password(
            password.encode(), NAME.encode(), b"scram-sha-256"
        ).decode()
        known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [NAME]).fetchone()
        change = (
            "ALTER ROLE {} LOGIN CREATEDB PASSWORD {}"
            if known
            else "CREATE ROLE {} LOGIN CREATEDB PASSWORD {}"
        )
        connection.execute(sql.SQL(change).format(sql.Identifier(NAME), sql.Literal(verifier)))
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone() is None:
            connection.execute(sql.SQL("CREATE DATABASE {0} OWNER {0}").format(sql.Identifier(NAME)))


def _add_statistics(superuser_url: str) -> None:
    """Query statistics, which only a superuser may add, where the server has them."""
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        offered = "SELECT 1 FROM pg_available_extensions WHERE name = 'pg_stat_statements'"
        if connection.execute(offered).fetchone() is not None:
            connection.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")


def _has_workflow_role(url: str) -> bool:
    member = "SELECT 1 FROM pg_roles WHERE rolname = %s AND pg_has_role(current_user, oid, 'MEMBER')"
    with psycopg.connect(url) as connection:
        return connection.execute(member, [ROLE]).fetchone() is not None


def _add_workflow_role(superuser_url: str) -> None:
    """The role of workflows, which ours may act as but not make: it makes no roles."""
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        if connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE]).fetchone() is None:
            connection.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(sql.Identifier(ROLE)))
        connection.execute(sql.SQL("GRANT {} TO {}").format(sql.Identifier(ROLE), sql.Identifier(NAME)))
