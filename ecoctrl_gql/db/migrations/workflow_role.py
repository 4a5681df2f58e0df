"""
The database role under which workflows read and change tables: it may do that and nothing else.

Roles belong to the server, not to a database, and not everybody may make one. Where we may not, there is none
and the checks of the program stand alone.
"""

from typing import Final

from sqlalchemy import Connection, text

ROLE: Final = "ecoctrl_workflow"

READABLE: Final = {
    "alerts": "",
    "energy_readings": "",
    "objects": "",
    "workflow_executions": "(id, workflow_id, status, trigger_data, result, started_at, completed_at)",
}
"""The tables that workflows read, with the columns where not all of them."""

WRITABLE: Final = ("alerts", "energy_readings", "objects")

_MAKE = f"""
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{ROLE}') THEN
    CREATE ROLE {ROLE} NOLOGIN;
  END IF;
  IF NOT pg_has_role(current_user, '{ROLE}', 'MEMBER') THEN
    EXECUTE format('GRANT {ROLE} TO %I', current_user);
  END IF;
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


def create_workflow_role(connection: Connection) -> None:
    """Make the role where we may, and let it reach the tables; in the connection's transaction."""
    connection.execute(text(_MAKE))
    connection.execute(text(_GRANT))


def revoke_workflow_role(connection: Connection) -> None:
    """Take from the role what it may do here; others may still need the role itself."""
    connection.execute(text(_REVOKE))
