"""How triggers and their functions are compared with the database, and written into migrations."""

from collections.abc import Mapping
from textwrap import fill

from alembic.autogenerate.api import AutogenContext
from alembic.autogenerate.render import renderers
from alembic.operations.ops import CreateTableOp, ExecuteSQLOp, UpgradeOps
from alembic.runtime.plugins import Plugin
from alembic.util import DispatchPriority, PriorityDispatchResult
from sqlalchemy import Connection, MetaData, text

from ecoctrl_gql.db.triggers import (
    create_function,
    create_trigger,
    declared_functions,
    declared_triggers,
)

PLUGIN = "ecoctrl.triggers"
WIDTH = 90

# Extensions keep what is theirs.
FUNCTIONS = text("""
    SELECT proname, prosrc, prosecdef FROM pg_proc
    WHERE prorettype = 'trigger'::regtype AND pronamespace = current_schema()::regnamespace
      AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_proc'::regclass AND objid = pg_proc.oid
                      AND deptype = 'e')
    ORDER BY proname
""")
TRIGGERS = text("""
    SELECT relname, tgname, pg_get_triggerdef(pg_trigger.oid, true) FROM pg_trigger
    JOIN pg_class ON pg_class.oid = tgrelid
    WHERE NOT tgisinternal AND relnamespace = current_schema()::regnamespace
    ORDER BY relname, tgname
""")

Definitions = dict[tuple[str, str], str]
"""The statement that makes a trigger, by its table and name."""


class DdlOp(ExecuteSQLOp):
    """A statement and the one that takes it back."""

    def __init__(self, up: str, down: str) -> None:
        super().__init__(up)
        self.up, self.down = up, down

    def reverse(self) -> "DdlOp":
        return DdlOp(self.down, self.up)


@renderers.dispatch_for(DdlOp)
def _render(_context: AutogenContext, operation: DdlOp) -> str:
    statement = operation.up if "\n" in operation.up else fill(operation.up, WIDTH)
    escaped = statement.replace("\\", "\\\\").replace('"""', '\\"""')
    return f'op.execute("""{escaped}""")' if "\n" in statement else f"op.execute({statement!r})"


def read_triggers(connection: Connection) -> Definitions:
    """The triggers of the usual schema."""
    return {(table, name): definition for table, name, definition in connection.execute(TRIGGERS)}


def model_triggers(connection: Connection, schema: str, metadata: MetaData) -> Definitions:
    """The triggers of tables that stand in a schema of their own, as they would be in the usual one."""
    connection.execute(text(f"SET LOCAL search_path = {schema}"))
    for statement in declared_functions(metadata).values():
        connection.execute(text(statement))
    for table, trigger in declared_triggers(metadata):
        connection.execute(text(create_trigger(table.name, trigger)))
    return read_triggers(connection)


def _compare_triggers(
    autogen_context: AutogenContext, upgrade: UpgradeOps, _schemas: set[str | None]
) -> PriorityDispatchResult:
    """
    Find the triggers and functions that are new, gone or different.

    What goes does so first, and what comes does so last: a trigger needs its function and its table.
    """
    connection, metadata = autogen_context.connection, autogen_context.metadata
    if connection is None or not isinstance(metadata, MetaData):
        return PriorityDispatchResult.CONTINUE
    wanted = autogen_context.migration_context.opts["model_forms"].triggers
    found = read_triggers(connection)
    functions = {row[0]: create_function(*row) for row in connection.execute(FUNCTIONS)}
    come, go = _function_changes(functions, declared_functions(metadata))
    new = [_make(key, text_, found.get(key)) for key, text_ in wanted.items() if found.get(key) != text_]
    gone = [_make(key, text_).reverse() for key, text_ in found.items() if key not in wanted]
    for change in upgrade.ops:
        if isinstance(change, CreateTableOp):
            change.info = {}  # the declarations, which migrations say in SQL
    upgrade.ops[:0] = [*gone, *go]
    upgrade.ops += [*come, *new]
    return PriorityDispatchResult.CONTINUE


def _function_changes(found: Mapping[str, str], wanted: Mapping[str, str]) -> tuple[list[DdlOp], list[DdlOp]]:
    come = [
        DdlOp(statement, found.get(name, f"DROP FUNCTION {name}()"))
        for name, statement in wanted.items()
        if found.get(name) != statement
    ]
    go = [
        DdlOp(f"DROP FUNCTION {name}()", statement) for name, statement in found.items() if name not in wanted
    ]
    return come, go


def _make(key: tuple[str, str], definition: str, before: str | None = None) -> DdlOp:
    table, name = key
    back = f"DROP TRIGGER {name} ON {table}" if before is None else _replacing(before)
    return DdlOp(_replacing(definition), back)


def _replacing(definition: str) -> str:
    return definition.replace("CREATE TRIGGER", "CREATE OR REPLACE TRIGGER", 1)


Plugin(PLUGIN).add_autogenerate_comparator(
    _compare_triggers, "schema", "triggers", priority=DispatchPriority.LAST
)
