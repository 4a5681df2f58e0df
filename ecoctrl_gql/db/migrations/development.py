"""Shortcuts of development, which leave no migrations behind."""

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import command
from alembic.operations import Operations
from alembic.operations.ops import DropColumnOp, DropTableOp, MigrateOperation
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, event

from ecoctrl_gql.db.jobs import SCHEMA as JOB_QUEUE
from ecoctrl_gql.db.migrations.compare import differences
from ecoctrl_gql.db.migrations.job_queue import create_job_queue
from ecoctrl_gql.db.migrations.scripts import Source, ours
from ecoctrl_gql.db.migrations.server import LOCK_TIMEOUT_S, connect, engine, setup_errors
from ecoctrl_gql.db.migrations.upgrade import current_revision, refuse_foreign, turn
from ecoctrl_gql.db.migrations.workflow_role import create_workflow_role
from ecoctrl_gql.errors import SetupError

# Extensions keep what is theirs.
DROPS = """
SELECT format('DROP %s IF EXISTS %s CASCADE', kind, name) FROM (
  SELECT oid, 'pg_class'::regclass AS catalog, oid::regclass::text AS name,
    CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE'
      WHEN 'f' THEN 'FOREIGN TABLE' ELSE 'TABLE' END AS kind
  FROM pg_class
  WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
  UNION ALL
  SELECT oid, 'pg_proc'::regclass, oid::regprocedure::text,
    CASE prokind WHEN 'p' THEN 'PROCEDURE' WHEN 'a' THEN 'AGGREGATE' ELSE 'FUNCTION' END
  FROM pg_proc WHERE pronamespace = current_schema()::regnamespace
  UNION ALL
  SELECT oid, 'pg_type'::regclass, oid::regtype::text, CASE typtype WHEN 'd' THEN 'DOMAIN' ELSE 'TYPE' END
  FROM pg_type WHERE typnamespace = current_schema()::regnamespace AND typtype IN ('e', 'd')
) AS objects
WHERE NOT EXISTS (
  SELECT FROM pg_depend WHERE classid = catalog AND objid = objects.oid AND deptype = 'e'
)
"""


def push(url: str, *, accept_loss: bool = False, source: Source | None = None) -> list[str]:
    """
    Bring a database to the models directly and note that it has all migrations.

    A migration that is generated later for the same change will not apply to it; `drop` it first then.

    Returns:
        The statements that were executed.

    Raises:
        SetupError: Tables or columns would be lost and ``accept_loss`` is not set, or the database is not
            ours, or it refuses.
    """
    source = source or ours()
    with turn(url), engine(url) as made, made.connect() as connection:
        if current_revision(connection) is None:
            refuse_foreign(connection, source)
        changes = differences(connection, source.metadata)
        losses = [loss for change in changes for loss in _losses(change)]
        if losses and not accept_loss:
            raise SetupError(f"Pushing would drop {', '.join(losses)} with all data: say that it may.")
        with connection.begin():
            with _recorded(connection) as statements:
                operations = Operations(MigrationContext.configure(connection))
                for change in changes:
                    operations.invoke(change)
            create_job_queue(connection)
            create_workflow_role(connection)
            command.stamp(source.config(connection), "head", purge=True)
        return statements


def _losses(change: MigrateOperation) -> Iterator[str]:
    match change:
        case DropTableOp():
            yield f"the table {change.table_name}"
        case DropColumnOp():
            yield f"the column {change.table_name}.{change.column_name}"


@contextmanager
def _recorded(connection: Connection) -> Iterator[list[str]]:
    """The statements that run on a connection, for as long as the block does."""
    statements: list[str] = []

    def record(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(" ".join(statement.split()))

    event.listen(connection, "before_cursor_execute", record)
    try:
        yield statements
    finally:
        event.remove(connection, "before_cursor_execute", record)


def drop(url: str) -> None:
    """
    Remove everything from the database's schema and the job queue's, data included.

    Raises:
        SetupError: The database can't be reached, is in use, or refuses.
    """
    with turn(url), setup_errors(), connect(url) as connection, connection.transaction():
        connection.execute(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT_S}s'")
        # All names are read before the first object goes and takes others along: what is gone has none.
        for (statement,) in connection.execute(DROPS).fetchall():
            connection.execute(statement)
        connection.execute(f"DROP SCHEMA IF EXISTS {JOB_QUEUE} CASCADE")
