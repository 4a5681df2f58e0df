"""index the orders of lists."""

import sqlalchemy as sa
from alembic import op

revision = "6cf443def8a5"
down_revision = "28a51966bee5"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.get_context().autocommit_block():
        # It waits for every transaction under way, but nobody waits for it.
        op.execute("SET lock_timeout = 0")
        op.drop_index(
            "ix_carbon_factor_nodes_name_id",
            table_name="carbon_factor_nodes",
            postgresql_concurrently=True,
            if_exists=True,
        )
        op.create_index(
            "ix_carbon_factor_nodes_name_id",
            "carbon_factor_nodes",
            ["name", "id"],
            unique=False,
            postgresql_concurrently=True,
        )
        op.drop_index(
            "ix_carbon_factor_nodes_sort_order_id",
            table_name="carbon_factor_nodes",
            postgresql_concurrently=True,
            if_exists=True,
        )
        op.create_index(
            "ix_carbon_factor_nodes_sort_order_id",
            "carbon_factor_nodes",
            ["sort_order", "id"],
            unique=False,
            postgresql_concurrently=True,
        )
        op.drop_index(
            "ix_carbon_factors_value_id",
            table_name="carbon_factors",
            postgresql_concurrently=True,
            if_exists=True,
        )
        op.create_index(
            "ix_carbon_factors_value_id",
            "carbon_factors",
            ["value", "id"],
            unique=False,
            postgresql_concurrently=True,
        )
        op.drop_index("ix_files_name_id", table_name="files", postgresql_concurrently=True, if_exists=True)
        op.create_index(
            "ix_files_name_id", "files", ["name", "id"], unique=False, postgresql_concurrently=True
        )
        op.drop_index(
            "ix_maintenance_reminders_last_completed_id",
            table_name="maintenance_reminders",
            postgresql_concurrently=True,
            if_exists=True,
        )
        op.create_index(
            "ix_maintenance_reminders_last_completed_id",
            "maintenance_reminders",
            ["last_completed", "id"],
            unique=False,
            postgresql_concurrently=True,
        )
        op.drop_index("ix_models_name_id", table_name="models", postgresql_concurrently=True, if_exists=True)
        op.create_index(
            "ix_models_name_id", "models", ["name", "id"], unique=False, postgresql_concurrently=True
        )
        op.drop_index(
            "ix_workflow_executions_completed_at_id",
            table_name="workflow_executions",
            postgresql_concurrently=True,
            if_exists=True,
        )
        op.create_index(
            "ix_workflow_executions_completed_at_id",
            "workflow_executions",
            ["completed_at", "id"],
            unique=False,
            postgresql_concurrently=True,
        )
        op.execute("RESET lock_timeout")


def downgrade() -> None:
    with op.get_context().autocommit_block():
        # It waits for every transaction under way, but nobody waits for it.
        op.execute("SET lock_timeout = 0")
        op.drop_index(
            "ix_carbon_factor_nodes_name_id",
            table_name="carbon_factor_nodes",
            postgresql_concurrently=True,
            if_exists=True,
        )
        op.drop_index(
            "ix_carbon_factor_nodes_sort_order_id",
            table_name="carbon_factor_nodes",
            postgresql_concurrently=True,
            if_exists=True,
        )
        op.drop_index(
            "ix_carbon_factors_value_id",
            table_name="carbon_factors",
            postgresql_concurrently=True,
            if_exists=True,
        )
        op.drop_index("ix_files_name_id", table_name="files", postgresql_concurrently=True, if_exists=True)
        op.drop_index(
            "ix_maintenance_reminders_last_completed_id",
            table_name="maintenance_reminders",
            postgresql_concurrently=True,
            if_exists=True,
        )
        op.drop_index("ix_models_name_id", table_name="models", postgresql_concurrently=True, if_exists=True)
        op.drop_index(
            "ix_workflow_executions_completed_at_id",
            table_name="workflow_executions",
            postgresql_concurrently=True,
            if_exists=True,
        )
        op.execute("RESET lock_timeout")
