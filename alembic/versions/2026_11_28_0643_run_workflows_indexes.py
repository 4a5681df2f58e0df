"""run workflows indexes."""

import sqlalchemy as sa
from alembic import op

revision = "48803f9f1604"
down_revision = "ff97bd59d1e7"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.get_context().autocommit_block():
        # It waits for every transaction under way, but nobody waits for it.
        op.execute("SET lock_timeout = 0")
        op.drop_index(
            "ix_workflow_executions_active",
            table_name="workflow_executions",
            postgresql_concurrently=True,
            if_exists=True,
        )
        op.create_index(
            "ix_workflow_executions_active",
            "workflow_executions",
            ["workflow_id", "started_at", "id"],
            unique=False,
            postgresql_where=sa.text("completed_at IS NULL"),
            postgresql_concurrently=True,
        )
        op.drop_index(
            "ix_workflow_executions_redo_of_id",
            table_name="workflow_executions",
            postgresql_concurrently=True,
            if_exists=True,
        )
        op.create_index(
            "ix_workflow_executions_redo_of_id",
            "workflow_executions",
            ["redo_of_id"],
            unique=False,
            postgresql_where=sa.text("redo_of_id IS NOT NULL"),
            postgresql_concurrently=True,
        )
        op.drop_index(
            "ix_workflow_executions_user_id",
            table_name="workflow_executions",
            postgresql_concurrently=True,
            if_exists=True,
        )
        op.create_index(
            "ix_workflow_executions_user_id",
            "workflow_executions",
            ["user_id"],
            unique=False,
            postgresql_where=sa.text("user_id IS NOT NULL"),
            postgresql_concurrently=True,
        )
        op.drop_index(
            "ix_workflow_executions_wake_at",
            table_name="workflow_executions",
            postgresql_concurrently=True,
            if_exists=True,
        )
        op.create_index(
            "ix_workflow_executions_wake_at",
            "workflow_executions",
            ["wake_at"],
            unique=False,
            postgresql_where=sa.text("wake_at IS NOT NULL"),
            postgresql_concurrently=True,
        )
        op.drop_index(
            "uq_workflow_executions_workflow_id_dedup_key",
            table_name="workflow_executions",
            postgresql_concurrently=True,
            if_exists=True,
        )
        op.create_index(
            "uq_workflow_executions_workflow_id_dedup_key",
            "workflow_executions",
            ["workflow_id", "dedup_key"],
            unique=True,
            postgresql_where=sa.text("dedup_key IS NOT NULL"),
            postgresql_concurrently=True,
        )
        op.drop_index(
            "ix_workflows_published_by", table_name="workflows", postgresql_concurrently=True, if_exists=True
        )
        op.create_index(
            "ix_workflows_published_by",
            "workflows",
            ["published_by"],
            unique=False,
            postgresql_where=sa.text("published_by IS NOT NULL"),
            postgresql_concurrently=True,
        )
        op.execute("RESET lock_timeout")


def downgrade() -> None:
    with op.get_context().autocommit_block():
        # It waits for every transaction under way, but nobody waits for it.
        op.execute("SET lock_timeout = 0")
        op.drop_index(
            "ix_workflow_executions_active",
            table_name="workflow_executions",
            postgresql_concurrently=True,
            if_exists=True,
        )
        op.drop_index(
            "ix_workflow_executions_redo_of_id",
            table_name="workflow_executions",
            postgresql_concurrently=True,
            if_exists=True,
        )
        op.drop_index(
            "ix_workflow_executions_user_id",
            table_name="workflow_executions",
            postgresql_concurrently=True,
            if_exists=True,
        )
        op.drop_index(
            "ix_workflow_executions_wake_at",
            table_name="workflow_executions",
            postgresql_concurrently=True,
            if_exists=True,
        )
        op.drop_index(
            "uq_workflow_executions_workflow_id_dedup_key",
            table_name="workflow_executions",
            postgresql_concurrently=True,
            if_exists=True,
        )
        op.drop_index(
            "ix_workflows_published_by", table_name="workflows", postgresql_concurrently=True, if_exists=True
        )
        op.execute("RESET lock_timeout")
