"""who handles alerts and faults indexes."""

import sqlalchemy as sa
from alembic import op

revision = "446f72979826"
down_revision = "69f48ba41c82"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.get_context().autocommit_block():
        # It waits for every transaction under way, but nobody waits for it.
        op.execute("SET lock_timeout = 0")
        op.drop_index(
            "ix_alerts_acknowledged_by", table_name="alerts", postgresql_concurrently=True, if_exists=True
        )
        op.create_index(
            "ix_alerts_acknowledged_by",
            "alerts",
            ["acknowledged_by"],
            unique=False,
            postgresql_where=sa.text("acknowledged_by IS NOT NULL"),
            postgresql_concurrently=True,
        )
        op.drop_index(
            "ix_alerts_assignee_id_time_id", table_name="alerts", postgresql_concurrently=True, if_exists=True
        )
        op.create_index(
            "ix_alerts_assignee_id_time_id",
            "alerts",
            ["assignee_id", "time", "id"],
            unique=False,
            postgresql_where=sa.text("assignee_id IS NOT NULL"),
            postgresql_concurrently=True,
        )
        op.drop_index(
            "ix_alerts_resolved_by", table_name="alerts", postgresql_concurrently=True, if_exists=True
        )
        op.create_index(
            "ix_alerts_resolved_by",
            "alerts",
            ["resolved_by"],
            unique=False,
            postgresql_where=sa.text("resolved_by IS NOT NULL"),
            postgresql_concurrently=True,
        )
        op.drop_index(
            "ix_faults_assignee_id_time_id", table_name="faults", postgresql_concurrently=True, if_exists=True
        )
        op.create_index(
            "ix_faults_assignee_id_time_id",
            "faults",
            ["assignee_id", "time", "id"],
            unique=False,
            postgresql_where=sa.text("assignee_id IS NOT NULL"),
            postgresql_concurrently=True,
        )
        op.drop_index(
            "ix_faults_reporter_id", table_name="faults", postgresql_concurrently=True, if_exists=True
        )
        op.create_index(
            "ix_faults_reporter_id",
            "faults",
            ["reporter_id"],
            unique=False,
            postgresql_where=sa.text("reporter_id IS NOT NULL"),
            postgresql_concurrently=True,
        )
        op.drop_index(
            "ix_maintenance_reminders_completed_by",
            table_name="maintenance_reminders",
            postgresql_concurrently=True,
            if_exists=True,
        )
        op.create_index(
            "ix_maintenance_reminders_completed_by",
            "maintenance_reminders",
            ["completed_by"],
            unique=False,
            postgresql_where=sa.text("completed_by IS NOT NULL"),
            postgresql_concurrently=True,
        )
        op.execute("RESET lock_timeout")


def downgrade() -> None:
    with op.get_context().autocommit_block():
        # It waits for every transaction under way, but nobody waits for it.
        op.execute("SET lock_timeout = 0")
        op.drop_index(
            "ix_alerts_acknowledged_by", table_name="alerts", postgresql_concurrently=True, if_exists=True
        )
        op.drop_index(
            "ix_alerts_assignee_id_time_id", table_name="alerts", postgresql_concurrently=True, if_exists=True
        )
        op.drop_index(
            "ix_alerts_resolved_by", table_name="alerts", postgresql_concurrently=True, if_exists=True
        )
        op.drop_index(
            "ix_faults_assignee_id_time_id", table_name="faults", postgresql_concurrently=True, if_exists=True
        )
        op.drop_index(
            "ix_faults_reporter_id", table_name="faults", postgresql_concurrently=True, if_exists=True
        )
        op.drop_index(
            "ix_maintenance_reminders_completed_by",
            table_name="maintenance_reminders",
            postgresql_concurrently=True,
            if_exists=True,
        )
        op.execute("RESET lock_timeout")
