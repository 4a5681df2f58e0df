"""
The database role under which workflows read and change tables: it may do that and nothing else.

Roles belong to the server, not to a database, and not everybody may make one. The embedded server has it from
its start; elsewhere `migrate` makes it where it may. Where it may not, the checks of the program stand alone.
"""

from typing import Final

from sqlalchemy import Connection, text

from ecoctrl_gql.db.migrations.server import engine

ROLE: Final = "ecoctrl_workflow"

READABLE: Final = {
    "alerts": "",
    "energy_readings": "",
    "objects": "",
    "workflow_executions": "(id, workflow_id, status, trigger_data, result, started_at, completed_at)",
}
"""The tables that workflows read, with the columns where not all of them."""

WRITABLE: Final = ("alerts", "energy_readings", "objects")

USABLE: Final = f"""
EXISTS (
  SELECT FROM pg_roles WHERE rolname = '{ROLE}'
    AND pg_has_role(current_user, oid,
      CASE WHEN current_setting('server_version_num')::int < 160000 THEN 'MEMBER' ELSE 'SET' END)
    AND has_table_privilege(oid, to_regclass('alerts'), 'SELECT')
)
""".strip()
"""Whether we may act as the role, and it may read here, as an SQL expression."""

_MAKE = f"""
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{ROLE}') THEN
    CREATE ROLE {ROLE} NOLOGIN;
  END IF;
  -- whoever makes a role is a member of it, but from version 16 on may not act as it without a grant
  EXECUTE format('GRANT {ROLE} TO %I', current_user);
EXCEPTION
  WHEN insufficient_privilege THEN RAISE NOTICE 'No role for workflows can be made here.';
  WHEN duplicate_object OR unique_violation THEN NULL;
END
$$
"""

_GRANT = f"""
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = '{ROLE}') THEN
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO {ROLE}', current_schema());
    {" ".join(f"GRANT SELECT {columns} ON {table} TO {ROLE};" for table, columns in READABLE.items())}
    GRANT INSERT, UPDATE, DELETE ON {", ".join(WRITABLE)} TO {ROLE};
    GRANT USAGE ON SEQUENCE energy_readings_id_seq TO {ROLE};
  END IF;
END
$$
"""

_REVOKE = f"""
DO $$
BEGIN
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = '{ROLE}') THEN
    REVOKE ALL ON {", ".join(READABLE)} FROM {ROLE};
    REVOKE ALL ON SEQUENCE energy_readings_id_seq FROM {ROLE};
    EXECUTE format('REVOKE USAGE ON SCHEMA %I FROM {ROLE}', current_schema());
  END IF;
END
$$
"""


def workflow_role_is_usable(url: str) -> bool:
    """Whether workflows act as the role in a database."""
    with engine(url) as made, made.connect() as connection:
        return bool(connection.scalar(text(f"SELECT {USABLE}")))


def ensure_workflow_role(connection: Connection) -> None:
    """Make up for what could not be made when the migrations were applied; in a transaction of its own."""
    with connection.begin():
        if not connection.scalar(text(f"SELECT {USABLE}")):
            create_workflow_role(connection)


def create_workflow_role(connection: Connection) -> None:
    """Make the role where we may, and let it reach the tables; in the connection's transaction."""
    connection.execute(text(_MAKE))
    connection.execute(text(_GRANT))


def revoke_workflow_role(connection: Connection) -> None:
    """Take from the role what it may do here; others may still need the role itself."""
    connection.execute(text(_REVOKE))
