"""who handles alerts and faults."""

import sqlalchemy as sa
from alembic import op

revision = "69f48ba41c82"
down_revision = "d323f05f5660"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "fault_changes",
        sa.Column(
            "id",
            sa.Uuid(as_uuid=False),
            server_default=sa.text("gen_random_uuid()"),
            nullable=False,
            comment="The table's own key.",
        ),
        sa.Column(
            "fault_id", sa.Uuid(as_uuid=False), nullable=False, comment="The fault whose status changed."
        ),
        sa.Column("from_status", sa.String(length=20), nullable=False, comment="Where it stood before."),
        sa.Column("to_status", sa.String(length=20), nullable=False, comment="Where it stood then."),
        sa.Column(
            "changed_at",
            sa.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When it changed.",
        ),
        sa.Column(
            "user_id",
            sa.Uuid(as_uuid=False),
            nullable=True,
            comment="The user who changed it; null for other programs, and when that account is gone.",
        ),
        sa.Column("note", sa.Text(), nullable=True, comment="What that user said about it."),
        sa.CheckConstraint(
            "from_status IN ('open', 'in_maintenance', 'fixed')", name=op.f("ck_fault_changes_from_status")
        ),
        sa.CheckConstraint(
            "to_status IN ('open', 'in_maintenance', 'fixed')", name=op.f("ck_fault_changes_to_status")
        ),
        sa.ForeignKeyConstraint(
            ["fault_id"], ["faults.id"], name=op.f("fk_fault_changes_fault_id_faults"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_fault_changes_user_id_users"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fault_changes")),
        comment="A step of a fault from one status to another.\n\nThe database writes it whenever a fault's status changes, whoever changes it.",
    )
    op.create_index(
        "ix_fault_changes_fault_id_changed_at_id",
        "fault_changes",
        ["fault_id", "changed_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_fault_changes_user_id",
        "fault_changes",
        ["user_id"],
        unique=False,
        postgresql_where=sa.text("user_id IS NOT NULL"),
    )
    op.add_column(
        "alerts",
        sa.Column(
            "acknowledged_by",
            sa.Uuid(as_uuid=False),
            nullable=True,
            comment="The user who acknowledged it; null also when that account is gone.",
        ),
    )
    op.add_column(
        "alerts",
        sa.Column(
            "acknowledged_at", sa.TIMESTAMP(timezone=True), nullable=True, comment="When it was acknowledged."
        ),
    )
    op.add_column(
        "alerts",
        sa.Column(
            "resolved_by",
            sa.Uuid(as_uuid=False),
            nullable=True,
            comment="The user who resolved it; null also when that account is gone.",
        ),
    )
    op.add_column(
        "alerts",
        sa.Column("resolved_at", sa.TIMESTAMP(timezone=True), nullable=True, comment="When it was resolved."),
    )
    op.add_column(
        "alerts",
        sa.Column(
            "assignee_id", sa.Uuid(as_uuid=False), nullable=True, comment="The user who takes care of it."
        ),
    )
    op.add_column(
        "alerts",
        sa.Column("note", sa.Text(), nullable=True, comment="What those who handle it want to be known."),
    )
    op.create_foreign_key(
        op.f("fk_alerts_acknowledged_by_users"),
        "alerts",
        "users",
        ["acknowledged_by"],
        ["id"],
        ondelete="SET NULL",
    )
    op.create_foreign_key(
        op.f("fk_alerts_assignee_id_users"), "alerts", "users", ["assignee_id"], ["id"], ondelete="SET NULL"
    )
    op.create_foreign_key(
        op.f("fk_alerts_resolved_by_users"), "alerts", "users", ["resolved_by"], ["id"], ondelete="SET NULL"
    )
    op.add_column(
        "fault_stats",
        sa.Column(
            "trend_percent",
            sa.REAL(),
            nullable=True,
            comment="The trend as a number, in percent; null where there was no fault in the period before.",
        ),
    )
    op.add_column(
        "fault_stats",
        sa.Column(
            "mean_repair_hours",
            sa.REAL(),
            nullable=True,
            comment="Mean time from occurrence to repair, in hours; null while none is repaired.",
        ),
    )
    op.add_column(
        "fault_stats",
        sa.Column(
            "mean_response_minutes",
            sa.REAL(),
            nullable=True,
            comment="Mean time from occurrence to start of repair, in minutes; null while none has begun.",
        ),
    )
    op.add_column(
        "faults", sa.Column("description", sa.Text(), nullable=True, comment="What is wrong, in words.")
    )
    op.add_column(
        "faults",
        sa.Column(
            "reporter_id",
            sa.Uuid(as_uuid=False),
            nullable=True,
            comment="The user who recorded it; null for other programs, and when that account is gone.",
        ),
    )
    op.add_column(
        "faults",
        sa.Column(
            "assignee_id", sa.Uuid(as_uuid=False), nullable=True, comment="The user who is to repair it."
        ),
    )
    op.create_foreign_key(
        op.f("fk_faults_reporter_id_users"), "faults", "users", ["reporter_id"], ["id"], ondelete="SET NULL"
    )
    op.create_foreign_key(
        op.f("fk_faults_assignee_id_users"), "faults", "users", ["assignee_id"], ["id"], ondelete="SET NULL"
    )
    op.add_column(
        "maintenance_reminders",
        sa.Column(
            "completed_by",
            sa.Uuid(as_uuid=False),
            nullable=True,
            comment="The user who reported it done; null also when that account is gone.",
        ),
    )
    op.add_column(
        "maintenance_reminders",
        sa.Column(
            "repeat_every",
            sa.Integer(),
            nullable=True,
            comment="After how many days, weeks, months or years it is due again; null where it is not repeated.",
        ),
    )
    op.add_column(
        "maintenance_reminders",
        sa.Column(
            "repeat_unit", sa.String(length=20), nullable=True, comment="What that interval is counted in."
        ),
    )
    op.add_column(
        "maintenance_reminders",
        sa.Column(
            "repeat_from",
            sa.Date(),
            nullable=True,
            comment="The day that the repetitions are counted from; the due date where there is none.",
        ),
    )
    op.create_foreign_key(
        op.f("fk_maintenance_reminders_completed_by_users"),
        "maintenance_reminders",
        "users",
        ["completed_by"],
        ["id"],
        ondelete="SET NULL",
    )
    op.create_check_constraint(
        op.f("ck_maintenance_reminders_repeat_every"), "maintenance_reminders", "(repeat_every > 0)"
    )
    op.create_check_constraint(
        op.f("ck_maintenance_reminders_repeat_plan"),
        "maintenance_reminders",
        "(num_nonnulls(repeat_every, repeat_unit) = ANY (ARRAY[0, 2]))",
    )
    op.create_check_constraint(
        op.f("ck_maintenance_reminders_repeat_unit"),
        "maintenance_reminders",
        "repeat_unit IN ('days', 'weeks', 'months', 'years')",
    )
    op.execute("""CREATE OR REPLACE FUNCTION note_fault_changes() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      INSERT INTO fault_changes (fault_id, from_status, to_status, changed_at, user_id, note)
      SELECT id, old_rows.status, new_rows.status, clock_timestamp(),
        CAST(nullif(current_setting('ecoctrl.user_id', true), '') AS uuid),
        nullif(current_setting('ecoctrl.note', true), '')
      FROM new_rows JOIN old_rows USING (id)
      WHERE old_rows.status <> new_rows.status;
      RETURN NULL;
    END
    $$""")
    op.execute(
        "CREATE OR REPLACE TRIGGER history AFTER UPDATE ON faults REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION note_fault_changes()"
    )


def downgrade() -> None:
    op.execute("DROP TRIGGER history ON faults")
    op.execute("DROP FUNCTION note_fault_changes()")
    op.drop_constraint(op.f("ck_maintenance_reminders_repeat_unit"), "maintenance_reminders", type_="check")
    op.drop_constraint(op.f("ck_maintenance_reminders_repeat_plan"), "maintenance_reminders", type_="check")
    op.drop_constraint(op.f("ck_maintenance_reminders_repeat_every"), "maintenance_reminders", type_="check")
    op.drop_constraint(
        op.f("fk_maintenance_reminders_completed_by_users"), "maintenance_reminders", type_="foreignkey"
    )
    op.drop_column("maintenance_reminders", "repeat_from")
    op.drop_column("maintenance_reminders", "repeat_unit")
    op.drop_column("maintenance_reminders", "repeat_every")
    op.drop_column("maintenance_reminders", "completed_by")
    op.drop_constraint(op.f("fk_faults_assignee_id_users"), "faults", type_="foreignkey")
    op.drop_constraint(op.f("fk_faults_reporter_id_users"), "faults", type_="foreignkey")
    op.drop_column("faults", "assignee_id")
    op.drop_column("faults", "reporter_id")
    op.drop_column("faults", "description")
    op.drop_column("fault_stats", "mean_response_minutes")
    op.drop_column("fault_stats", "mean_repair_hours")
    op.drop_column("fault_stats", "trend_percent")
    op.drop_constraint(op.f("fk_alerts_resolved_by_users"), "alerts", type_="foreignkey")
    op.drop_constraint(op.f("fk_alerts_assignee_id_users"), "alerts", type_="foreignkey")
    op.drop_constraint(op.f("fk_alerts_acknowledged_by_users"), "alerts", type_="foreignkey")
    op.drop_column("alerts", "note")
    op.drop_column("alerts", "assignee_id")
    op.drop_column("alerts", "resolved_at")
    op.drop_column("alerts", "resolved_by")
    op.drop_column("alerts", "acknowledged_at")
    op.drop_column("alerts", "acknowledged_by")
    op.drop_index(
        "ix_fault_changes_user_id",
        table_name="fault_changes",
        postgresql_where=sa.text("user_id IS NOT NULL"),
    )
    op.drop_index("ix_fault_changes_fault_id_changed_at_id", table_name="fault_changes")
    op.drop_table("fault_changes")
