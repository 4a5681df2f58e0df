"""Indexes on tables that exist already are made beside running reads and writes."""

from collections.abc import Sequence
from typing import Any

from alembic.autogenerate.api import AutogenContext
from alembic.autogenerate.render import render_op, renderers
from alembic.operations.ops import (
    CreateIndexOp,
    CreateTableOp,
    DowngradeOps,
    DropIndexOp,
    MigrateOperation,
    MigrationScript,
    ModifyTableOps,
    UpgradeOps,
)
from alembic.util import rev_id


class OutsideTransactionOp(MigrateOperation):
    """Changes that PostgreSQL makes only outside of a transaction."""

    def __init__(self, changes: Sequence[MigrateOperation]) -> None:
        self.changes = changes


@renderers.dispatch_for(OutsideTransactionOp)
def _render(autogen_context: AutogenContext, operation: OutsideTransactionOp) -> list[str]:
    return [
        "with op.get_context().autocommit_block():",
        "# It waits for every transaction under way, but nobody waits for it.",
        'op.execute("SET lock_timeout = 0")',
        *(line for change in operation.changes for line in render_op(autogen_context, change)),
        'op.execute("RESET lock_timeout")',
        "",
    ]


def directives(_context: object, _revision: object, scripts: list[MigrationScript]) -> None:
    """
    Decide on the files that are written for the changes found: none, one or two.

    What runs outside of a transaction can't be undone when it fails half-way. In a file of its own it can
    be run once more, for everything else is committed and recorded by then.
    """
    (script,) = scripts
    (upgrade,) = script.upgrade_ops_list
    indexes = _take_indexes(upgrade)
    upgrade.ops = [op for op in upgrade.ops if not (isinstance(op, ModifyTableOps) and op.is_empty())]
    script.downgrade_ops = upgrade.reverse_into(DowngradeOps([]))
    scripts[:] = [script] if upgrade.ops else []
    if indexes:
        scripts.append(_index_script(script, indexes, after=script.rev_id if upgrade.ops else script.head))


def _take_indexes(upgrade: UpgradeOps) -> list[CreateIndexOp]:
    """Take out the indexes to be made on tables that exist already."""
    made = {op.table_name for op in upgrade.ops if isinstance(op, CreateTableOp)}
    taken: list[CreateIndexOp] = []
    for op in upgrade.ops:
        if isinstance(op, ModifyTableOps) and op.table_name not in made:
            taken += [change for change in op.ops if isinstance(change, CreateIndexOp)]
            op.ops = [change for change in op.ops if not isinstance(change, CreateIndexOp)]
    return taken


def _index_script(
    script: MigrationScript, indexes: list[CreateIndexOp], *, after: str | None
) -> MigrationScript:
    drops = [_drop(index) for index in indexes]
    creates: list[MigrateOperation] = []
    for index, drop in zip(indexes, drops, strict=True):
        index.kw = {**index.kw, "postgresql_concurrently": True}
        creates += [drop, index]  # an attempt that was interrupted leaves an invalid index behind
    alone = after != script.rev_id
    return MigrationScript(
        script.rev_id if alone else rev_id(),
        UpgradeOps([OutsideTransactionOp(creates)]),
        DowngradeOps([OutsideTransactionOp(drops)]),
        message=script.message if alone else f"{script.message} indexes",
        head=after,
    )


def _drop(index: CreateIndexOp) -> DropIndexOp:
    options: dict[str, Any] = {"postgresql_concurrently": True}
    return DropIndexOp(index.index_name or "", index.table_name, if_exists=True, **options)
