"""
The schema of the job queue's library, kept apart from our tables.

The library's file stands beside the migrations as it was when the migration was written, so that a newer
release of it changes no old migration; what a newer release needs comes in a migration of its own.
"""

from typing import Final

from sqlalchemy import Connection, text

from ecoctrl_gql.db.jobs import SCHEMA
from ecoctrl_gql.db.migrations.state import migrations_folder

FILE: Final = "job_queue_3_10_0.sql"

_EXISTS = text("SELECT count(*) FROM pg_namespace WHERE nspname = :name")

# The functions name tables plainly, and are called from transactions that know our schema alone.
_FUNCTIONS_KNOW_THEIR_SCHEMA = """
DO $$
DECLARE name text;
BEGIN
  FOR name IN SELECT oid::regprocedure FROM pg_proc WHERE pronamespace = 'procrastinate'::regnamespace LOOP
    EXECUTE format('ALTER FUNCTION %s SET search_path = procrastinate', name);
  END LOOP;
END
$$
"""


# A job waits for earlier ones with the same lock, which the library looks for without an index.
_JOBS_BY_LOCK = "CREATE INDEX jobs_by_lock ON procrastinate_jobs (lock) WHERE status IN ('todo', 'doing')"


def create_job_queue(connection: Connection) -> None:
    """Make the queue's schema unless it is there; in the transaction that the connection is in."""
    if connection.scalar(_EXISTS, {"name": SCHEMA}):
        return
    path = connection.scalar(text("SELECT current_setting('search_path')"))
    statements = (migrations_folder() / FILE).read_text(encoding="utf-8")
    cursor = connection.connection.cursor()  # the driver's own: the file is many statements in one text
    cursor.execute(f"CREATE SCHEMA {SCHEMA}")
    cursor.execute(f"SET LOCAL search_path TO {SCHEMA}")
    cursor.execute(statements)
    cursor.execute(_JOBS_BY_LOCK)
    cursor.execute(_FUNCTIONS_KNOW_THEIR_SCHEMA)
    cursor.execute("SELECT set_config('search_path', %s, true)", [path])
    cursor.close()


def drop_job_queue(connection: Connection) -> None:
    """Remove the queue's schema with all jobs."""
    connection.execute(text(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE"))
