"""How a database is compared with the models."""

from collections.abc import Iterable, Iterator
from typing import Any

from alembic.autogenerate import produce_migrations
from alembic.autogenerate.api import AutogenContext
from alembic.operations.ops import (
    AddConstraintOp,
    DropConstraintOp,
    MigrateOperation,
    ModifyTableOps,
    OpContainer,
)
from alembic.runtime.migration import MigrationContext
from alembic.runtime.plugins import Plugin
from alembic.util import DispatchPriority, PriorityDispatchResult
from sqlalchemy import CheckConstraint, Column, Connection, MetaData, Table
from sqlalchemy.sql.elements import conv

from ecoctrl_gql.db.migrations import triggers
from ecoctrl_gql.db.migrations.models import ModelForms, model_forms, plain, read_checks

PLUGIN = "ecoctrl.checks"


def comparison(connection: Connection, metadata: MetaData) -> dict[str, Any]:
    """The options with which Alembic compares the connection's database with the models."""
    target = plain(metadata)
    forms = model_forms(connection, target)
    return {
        "target_metadata": target,
        "compare_server_default": _Defaults(forms).differ,
        "autogenerate_plugins": ["alembic.autogenerate.*", PLUGIN, triggers.PLUGIN],
        "model_forms": forms,
    }


def differences(connection: Connection, metadata: MetaData) -> list[MigrateOperation]:
    """The changes that would bring the connection's database to the models, in an order that works."""
    options = comparison(connection, metadata)
    context = MigrationContext.configure(connection, opts=options)
    upgrade = produce_migrations(context, options["target_metadata"]).upgrade_ops
    connection.rollback()
    return [] if upgrade is None else list(_single(upgrade.ops))


def _single(changes: Iterable[MigrateOperation]) -> Iterator[MigrateOperation]:
    for change in changes:
        if isinstance(change, OpContainer):
            yield from _single(change.ops)
        else:
            yield change


class _Defaults:
    def __init__(self, forms: ModelForms) -> None:
        self._forms = forms

    def differ(
        self,
        _context: object,
        _inspected_column: object,
        column: Column[Any],
        inspected: str | None,
        _default: object,
        rendered: str | None,
    ) -> bool | None:
        """
        Whether a column's default is another; None where one has none, which Alembic sees for itself.

        Alembic would evaluate both and compare their values, which never agree for a random one.
        """
        if inspected is None or rendered is None:
            return None
        return self._forms.defaults[column.table.name][column.name] != inspected


def _compare_checks(
    autogen_context: AutogenContext,
    modify: ModifyTableOps,
    _schema: str | None,
    name: str,
    found_table: Table | None,
    wanted_table: Table | None,
) -> PriorityDispatchResult:
    """Find the CHECK constraints of a table that are new, gone or different."""
    if found_table is None or wanted_table is None or autogen_context.connection is None:
        return PriorityDispatchResult.CONTINUE  # with its table a constraint comes and goes by itself
    forms: ModelForms = autogen_context.migration_context.opts["model_forms"]
    wanted = forms.checks.get(name, {})
    found = read_checks(autogen_context.connection).get(name, {})
    gone = [_check(found_table, *item) for item in found.items() if item not in wanted.items()]
    new = [_check(wanted_table, *item) for item in wanted.items() if item not in found.items()]
    # A column takes its constraints with it: they go before any column does and come after all have come.
    modify.ops[:0] = [DropConstraintOp.from_constraint(check) for check in gone]
    modify.ops += [AddConstraintOp.from_constraint(check) for check in new]
    return PriorityDispatchResult.CONTINUE


def _check(table: Table, name: str, condition: str) -> CheckConstraint:
    scratch = Table(table.name, MetaData())  # a constraint adds itself to its table, which stays as it is
    return CheckConstraint(condition, name=conv(name), table=scratch)


Plugin(PLUGIN).add_autogenerate_comparator(_compare_checks, "table", "checks", priority=DispatchPriority.LAST)
