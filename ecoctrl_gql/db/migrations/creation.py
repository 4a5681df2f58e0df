"""Making the database when it is missing."""

import psycopg
from psycopg import Connection, sql
from psycopg import errors as pg

from ecoctrl_gql.db.migrations.server import connect, parsed, place, sibling, with_default_timeout
from ecoctrl_gql.errors import SetupError

MINIMUM_MAJOR = 14
MAINTENANCE_DATABASES = ("postgres", "template1")


def ensure_database(url: str) -> bool:
    """
    Create the database of the URL when it is missing.

    Returns:
        Whether it was created.

    Raises:
        SetupError: The server can't be reached, refuses us, is too old, or the role may not create databases.
    """
    try:
        connection = connect(url)
    except SetupError:
        if not _is_missing(url):
            raise
    else:
        with connection:
            _require_fit(connection)
        return False
    created = _create(url)
    with connect(url) as connection:
        _require_fit(connection)
    return created


def _is_missing(url: str) -> bool:
    """Whether the server can be reached and has no database of that name."""
    connection = _maintenance_connection(url)
    if connection is None:
        return False
    with connection:
        name = _database_name(url)
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        return found.fetchone() is None


def _create(url: str) -> bool:
    """Create the database; false when somebody else just did."""
    connection = _maintenance_connection(url)
    if connection is None:
        raise SetupError(f"The server at {place(url)} went away: run the command again.")
    with connection:
        try:
            create_database(connection, _database_name(url))
        except (pg.DuplicateDatabase, pg.UniqueViolation):
            return False
        except pg.InsufficientPrivilege as error:
            raise SetupError(_may_not_create(url)) from error
        except psycopg.Error as error:
            said = error.diag.message_primary
            raise SetupError(f"The database {_database_name(url)} can't be created: {said}.") from error
    return True


def create_database(connection: Connection, name: str) -> None:
    # template1 is refused as a template while anybody is connected to it; template0 takes no connections.
    statement = sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'")
    connection.execute(statement.format(sql.Identifier(name)))


def _maintenance_connection(url: str) -> Connection | None:
    for database in MAINTENANCE_DATABASES:
        try:
            return Connection.connect(sibling(with_default_timeout(url), database), autocommit=True)
        except psycopg.OperationalError:
            continue
    return None


def _require_fit(connection: Connection) -> None:
    if connection.info.server_version < MINIMUM_MAJOR * 10_000:
        version = connection.info.parameter_status("server_version")
        raise SetupError(
            f"The server is PostgreSQL {version}: upgrade it to {MINIMUM_MAJOR} or newer,"
            " or let DATABASE_URL name another."
        )
    encoding = connection.info.parameter_status("server_encoding")
    if encoding != "UTF8":
        raise SetupError(
            f"The database {connection.info.dbname} stores text as {encoding}:"
            " create one with ENCODING 'UTF8'."
        )


def _may_not_create(url: str) -> str:
    parameters, name = parsed(url), _database_name(url)
    role = parameters.get("user", "your role")
    return (
        f"The database {name} does not exist and the role {role} may not create it: have an administrator run"
        f' CREATE DATABASE "{name}" OWNER "{role}".'
    )


def _database_name(url: str) -> str:
    parameters = parsed(url)
    return str(parameters.get("dbname") or parameters.get("user") or "postgres")
