"""run workflows."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "ff97bd59d1e7"
down_revision = "b7d1c2a4e6f0"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "event_readers",
        sa.Column("name", sa.String(length=63), nullable=False, comment="Who reads."),
        sa.Column(
            "cursor",
            sa.Text(),
            nullable=False,
            comment="The place behind the last event that was dealt with.",
        ),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_event_readers")),
        comment="How far a part of the product that must miss no event has read the events.",
    )
    op.create_table(
        "workflow_triggers",
        sa.Column(
            "id",
            sa.Uuid(as_uuid=False),
            server_default=sa.text("gen_random_uuid()"),
            nullable=False,
            comment="The table's own key.",
        ),
        sa.Column("workflow_id", sa.Uuid(as_uuid=False), nullable=False, comment="The workflow."),
        sa.Column(
            "path", sa.String(length=1000), nullable=False, comment="Where it stands in the definition."
        ),
        sa.Column("type", sa.String(length=20), nullable=False, comment="What kind it is."),
        sa.Column(
            "config",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="Its config; it may hold a secret.",
        ),
        sa.Column("node_id", sa.String(length=255), nullable=True, comment="The node at which a run begins."),
        sa.Column(
            "next_at",
            sa.TIMESTAMP(timezone=True),
            nullable=True,
            comment="When a schedule fires next; null for all others.",
        ),
        sa.Column("fired_at", sa.TIMESTAMP(timezone=True), nullable=True, comment="When it fired last."),
        sa.CheckConstraint(
            "type IN ('manual', 'schedule', 'webhook', 'event', 'state_change')",
            name=op.f("ck_workflow_triggers_trigger_type"),
        ),
        sa.ForeignKeyConstraint(
            ["workflow_id"],
            ["workflows.id"],
            name=op.f("fk_workflow_triggers_workflow_id_workflows"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workflow_triggers")),
        sa.UniqueConstraint("workflow_id", "path", name=op.f("uq_workflow_triggers_workflow_id_path")),
        comment="An armed trigger of an enabled workflow.",
    )
    op.create_index(
        "ix_workflow_triggers_next_at",
        "workflow_triggers",
        ["next_at"],
        unique=False,
        postgresql_where=sa.text("next_at IS NOT NULL"),
    )
    op.create_table(
        "workflow_versions",
        sa.Column(
            "id",
            sa.Uuid(as_uuid=False),
            server_default=sa.text("gen_random_uuid()"),
            nullable=False,
            comment="The table's own key.",
        ),
        sa.Column("workflow_id", sa.Uuid(as_uuid=False), nullable=False, comment="The workflow."),
        sa.Column("version", sa.Integer(), nullable=False, comment="Its number, from 1."),
        sa.Column(
            "dsl",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="The definition: trigger, nodes and edges.",
        ),
        sa.Column(
            "published_by",
            sa.Uuid(as_uuid=False),
            nullable=True,
            comment="The user who published it; null for other programs, and when that account is gone.",
        ),
        sa.Column(
            "published_at",
            sa.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When it was published.",
        ),
        sa.ForeignKeyConstraint(
            ["published_by"],
            ["users.id"],
            name=op.f("fk_workflow_versions_published_by_users"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["workflow_id"],
            ["workflows.id"],
            name=op.f("fk_workflow_versions_workflow_id_workflows"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workflow_versions")),
        sa.UniqueConstraint("workflow_id", "version", name=op.f("uq_workflow_versions_workflow_id_version")),
        comment="A published definition of a workflow, kept as it was.",
    )
    op.create_index(
        "ix_workflow_versions_published_by",
        "workflow_versions",
        ["published_by"],
        unique=False,
        postgresql_where=sa.text("published_by IS NOT NULL"),
    )
    op.create_table(
        "workflow_holds",
        sa.Column(
            "id",
            sa.Uuid(as_uuid=False),
            server_default=sa.text("gen_random_uuid()"),
            nullable=False,
            comment="The table's own key.",
        ),
        sa.Column("trigger_id", sa.Uuid(as_uuid=False), nullable=False, comment="The trigger."),
        sa.Column(
            "subject", sa.Text(), nullable=False, comment="What is in that state: object, point and key."
        ),
        sa.Column(
            "trigger_data",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="What the run is started with.",
        ),
        sa.Column("since", sa.TIMESTAMP(timezone=True), nullable=False, comment="Since when it is so."),
        sa.Column(
            "due_at",
            sa.TIMESTAMP(timezone=True),
            nullable=True,
            comment="When it has lasted long enough; null once the trigger has fired.",
        ),
        sa.ForeignKeyConstraint(
            ["trigger_id"],
            ["workflow_triggers.id"],
            name=op.f("fk_workflow_holds_trigger_id_workflow_triggers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workflow_holds")),
        sa.UniqueConstraint("trigger_id", "subject", name=op.f("uq_workflow_holds_trigger_id_subject")),
        comment="A state that a trigger watches and that has to last before it fires.",
    )
    op.create_index(op.f("ix_workflow_holds_due_at"), "workflow_holds", ["due_at"], unique=False)
    op.create_table(
        "workflow_steps",
        sa.Column(
            "id", sa.BigInteger(), nullable=False, comment="The table's own key, in the order of the steps."
        ),
        sa.Column("execution_id", sa.Uuid(as_uuid=False), nullable=False, comment="The run."),
        sa.Column(
            "path",
            sa.Text(),
            nullable=False,
            comment="Which node in which pass of which loop or branch, such as each/3/mail.",
        ),
        sa.Column(
            "attempt",
            sa.Integer(),
            server_default="1",
            nullable=False,
            comment="Which attempt it is, from 1.",
        ),
        sa.Column(
            "node_id", sa.String(length=255), nullable=False, comment="The node's id in the definition."
        ),
        sa.Column("node_name", sa.Text(), nullable=True, comment="The node's name."),
        sa.Column("node_type", sa.String(length=255), nullable=False, comment="The node's type."),
        sa.Column("status", sa.String(length=20), nullable=False, comment="Where it stands."),
        sa.Column(
            "started_at",
            sa.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When it began.",
        ),
        sa.Column("completed_at", sa.TIMESTAMP(timezone=True), nullable=True, comment="When it ended."),
        sa.Column("due_at", sa.TIMESTAMP(timezone=True), nullable=True, comment="Until when it waits."),
        sa.Column(
            "input",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=True,
            comment="What it was given, without secrets, cut.",
        ),
        sa.Column(
            "output",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=True,
            comment="What it gave, without secrets, cut.",
        ),
        sa.Column(
            "outcome",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=True,
            comment="What it gave, where output does not hold all of it; secret.",
        ),
        sa.Column("error", sa.Text(), nullable=True, comment="Why it failed."),
        sa.CheckConstraint(
            "status IN ('running', 'waiting', 'completed', 'failed', 'skipped')",
            name=op.f("ck_workflow_steps_step_status"),
        ),
        sa.ForeignKeyConstraint(
            ["execution_id"],
            ["workflow_executions.id"],
            name=op.f("fk_workflow_steps_execution_id_workflow_executions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workflow_steps")),
        sa.UniqueConstraint(
            "execution_id", "path", "attempt", name=op.f("uq_workflow_steps_execution_id_path_attempt")
        ),
        comment="The journal of a run: what each attempt of a node came to, from which the run goes on wherever it was cut.\n\nThe API shows it as the run's node logs.",
    )
    op.add_column(
        "workflow_executions",
        sa.Column(
            "version",
            sa.Integer(),
            nullable=True,
            comment="The version of the workflow that it runs; null where another program wrote it.",
        ),
    )
    op.add_column(
        "workflow_executions",
        sa.Column("trigger", sa.String(length=20), nullable=True, comment="What kind of trigger started it."),
    )
    op.add_column(
        "workflow_executions",
        sa.Column(
            "start_node_id",
            sa.String(length=255),
            nullable=True,
            comment="The node at which it began; null for the workflow's start.",
        ),
    )
    op.add_column(
        "workflow_executions",
        sa.Column(
            "user_id",
            sa.Uuid(as_uuid=False),
            nullable=True,
            comment="The user who started it, if somebody did.",
        ),
    )
    op.add_column(
        "workflow_executions",
        sa.Column(
            "dedup_key",
            sa.String(length=255),
            nullable=True,
            comment="What it was started by; the same starts a workflow once.",
        ),
    )
    op.add_column(
        "workflow_executions",
        sa.Column(
            "redo_of_id",
            sa.Uuid(as_uuid=False),
            nullable=True,
            comment="The failed run that it goes on with.",
        ),
    )
    op.add_column(
        "workflow_executions",
        sa.Column(
            "effect_id",
            sa.String(length=36),
            server_default=sa.text("CAST(gen_random_uuid() AS VARCHAR)"),
            nullable=False,
            comment="What the keys are made of by which others know its calls; a redone run has the first one's.",
        ),
    )
    op.add_column(
        "workflow_executions",
        sa.Column(
            "wake_at",
            sa.TIMESTAMP(timezone=True),
            nullable=True,
            comment="Until when it waits; null while it does not.",
        ),
    )
    op.add_column(
        "workflow_executions",
        sa.Column(
            "deadline_at",
            sa.TIMESTAMP(timezone=True),
            nullable=True,
            comment="When it is ended as having taken too long.",
        ),
    )
    op.add_column(
        "workflow_executions",
        sa.Column(
            "cancel_requested_at",
            sa.TIMESTAMP(timezone=True),
            nullable=True,
            comment="When somebody asked to stop it.",
        ),
    )
    op.add_column(
        "workflow_executions",
        sa.Column(
            "steps", sa.Integer(), server_default="0", nullable=False, comment="How many steps it has taken."
        ),
    )
    op.add_column(
        "workflow_executions",
        sa.Column(
            "node_id",
            sa.String(length=255),
            nullable=True,
            comment="The node that it began last; where it failed, the one that failed.",
        ),
    )
    op.add_column(
        "workflow_executions",
        sa.Column("error", sa.Text(), nullable=True, comment="Why it failed or was stopped."),
    )
    op.add_column(
        "workflow_executions",
        sa.Column(
            "claim",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="How often a worker took it up; who holds a lower number lost it.",
        ),
    )
    op.add_column(
        "workflow_executions",
        sa.Column(
            "stalls",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="How many workers in a row died or failed over it at the same step.",
        ),
    )
    op.add_column(
        "workflow_executions",
        sa.Column(
            "dead",
            sa.Boolean(),
            server_default="false",
            nullable=False,
            comment="Whether it was given up because workers died or failed over it.",
        ),
    )
    op.create_foreign_key(
        op.f("fk_workflow_executions_redo_of_id_workflow_executions"),
        "workflow_executions",
        "workflow_executions",
        ["redo_of_id"],
        ["id"],
        ondelete="SET NULL",
    )
    op.create_foreign_key(
        op.f("fk_workflow_executions_user_id_users"),
        "workflow_executions",
        "users",
        ["user_id"],
        ["id"],
        ondelete="SET NULL",
    )
    op.create_check_constraint(
        op.f("ck_workflow_executions_trigger_type"),
        "workflow_executions",
        "trigger IN ('manual', 'schedule', 'webhook', 'event', 'state_change')",
    )
    op.add_column(
        "workflows",
        sa.Column(
            "draft",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=True,
            comment="A definition that is being worked on; null where there is none beside the published one.",
        ),
    )
    op.add_column(
        "workflows",
        sa.Column(
            "published_by",
            sa.Uuid(as_uuid=False),
            nullable=True,
            comment="The user who published the definition; null for other programs.",
        ),
    )
    op.add_column(
        "workflows",
        sa.Column(
            "armed_version",
            sa.Integer(),
            nullable=True,
            comment="The version whose triggers are armed; null for none.",
        ),
    )
    op.alter_column(
        "workflows",
        "dsl",
        existing_type=postgresql.JSONB(astext_type=sa.Text()),
        comment="The published definition: trigger, nodes and edges.",
        existing_comment="The definition: trigger, nodes and edges, version 1.0.",
        existing_nullable=False,
    )
    op.alter_column(
        "workflows",
        "enabled",
        existing_type=sa.BOOLEAN(),
        comment="Whether its triggers are armed.",
        existing_comment="Whether its trigger is armed.",
        existing_nullable=False,
        existing_server_default=sa.text("true"),
    )
    op.create_foreign_key(
        op.f("fk_workflows_published_by_users"),
        "workflows",
        "users",
        ["published_by"],
        ["id"],
        ondelete="SET NULL",
    )
    op.execute("""INSERT INTO workflow_versions (workflow_id, version, dsl, published_at)
    SELECT id, version, dsl, updated_at FROM workflows""")
    op.execute("""CREATE OR REPLACE FUNCTION number_workflow_version() RETURNS trigger
    LANGUAGE plpgsql AS $$
    BEGIN
      NEW.version = OLD.version + CASE WHEN NEW.dsl IS DISTINCT FROM OLD.dsl THEN 1 ELSE 0 END;
      RETURN NEW;
    END
    $$""")
    op.execute("""CREATE OR REPLACE FUNCTION keep_workflow_versions() RETURNS trigger
    LANGUAGE plpgsql AS $$
    BEGIN
      INSERT INTO workflow_versions (workflow_id, version, dsl, published_by)
      SELECT id, version, dsl, published_by FROM new_rows
      ON CONFLICT (workflow_id, version) DO NOTHING;
      PERFORM pg_notify('ecoctrl_workflows', '');
      RETURN NULL;
    END
    $$""")
    op.execute("""CREATE OR REPLACE FUNCTION keep_version_as_published() RETURNS trigger
    LANGUAGE plpgsql AS $$
    BEGIN
      IF (NEW.workflow_id, NEW.version, NEW.dsl) IS DISTINCT FROM (OLD.workflow_id, OLD.version, OLD.dsl) THEN
        RAISE EXCEPTION 'A published version of a workflow never changes.' USING ERRCODE = 'restrict_violation';
      END IF;
      RETURN NEW;
    END
    $$""")
    op.execute("""CREATE OR REPLACE TRIGGER publish_deletes AFTER DELETE ON workflow_executions REFERENCING
    OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION publish_events()""")
    op.execute("""CREATE OR REPLACE TRIGGER publish_inserts AFTER INSERT ON workflow_executions REFERENCING
    NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION publish_events()""")
    op.execute("""CREATE OR REPLACE TRIGGER publish_updates AFTER UPDATE ON workflow_executions REFERENCING
    NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION publish_events()""")
    op.execute("""CREATE OR REPLACE TRIGGER keep_as_published BEFORE UPDATE ON workflow_versions FOR EACH
    ROW EXECUTE FUNCTION keep_version_as_published()""")
    op.execute("""CREATE OR REPLACE TRIGGER keep_new_versions AFTER INSERT ON workflows REFERENCING NEW
    TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION keep_workflow_versions()""")
    op.execute("""CREATE OR REPLACE TRIGGER keep_versions AFTER UPDATE ON workflows REFERENCING NEW TABLE AS
    new_rows FOR EACH STATEMENT EXECUTE FUNCTION keep_workflow_versions()""")
    op.execute("""CREATE OR REPLACE TRIGGER number_version BEFORE UPDATE ON workflows FOR EACH ROW EXECUTE
    FUNCTION number_workflow_version()""")


def downgrade() -> None:
    op.execute("DROP TRIGGER number_version ON workflows")
    op.execute("DROP TRIGGER keep_versions ON workflows")
    op.execute("DROP TRIGGER keep_new_versions ON workflows")
    op.execute("DROP TRIGGER keep_as_published ON workflow_versions")
    op.execute("DROP TRIGGER publish_updates ON workflow_executions")
    op.execute("DROP TRIGGER publish_inserts ON workflow_executions")
    op.execute("DROP TRIGGER publish_deletes ON workflow_executions")
    op.execute("DROP FUNCTION keep_version_as_published()")
    op.execute("DROP FUNCTION keep_workflow_versions()")
    op.execute("DROP FUNCTION number_workflow_version()")
    op.drop_constraint(op.f("fk_workflows_published_by_users"), "workflows", type_="foreignkey")
    op.alter_column(
        "workflows",
        "enabled",
        existing_type=sa.BOOLEAN(),
        comment="Whether its trigger is armed.",
        existing_comment="Whether its triggers are armed.",
        existing_nullable=False,
        existing_server_default=sa.text("true"),
    )
    op.alter_column(
        "workflows",
        "dsl",
        existing_type=postgresql.JSONB(astext_type=sa.Text()),
        comment="The definition: trigger, nodes and edges, version 1.0.",
        existing_comment="The published definition: trigger, nodes and edges.",
        existing_nullable=False,
    )
    op.drop_column("workflows", "armed_version")
    op.drop_column("workflows", "published_by")
    op.drop_column("workflows", "draft")
    op.drop_constraint(op.f("ck_workflow_executions_trigger_type"), "workflow_executions", type_="check")
    op.drop_constraint(
        op.f("fk_workflow_executions_user_id_users"), "workflow_executions", type_="foreignkey"
    )
    op.drop_constraint(
        op.f("fk_workflow_executions_redo_of_id_workflow_executions"),
        "workflow_executions",
        type_="foreignkey",
    )
    op.drop_column("workflow_executions", "dead")
    op.drop_column("workflow_executions", "stalls")
    op.drop_column("workflow_executions", "claim")
    op.drop_column("workflow_executions", "error")
    op.drop_column("workflow_executions", "node_id")
    op.drop_column("workflow_executions", "steps")
    op.drop_column("workflow_executions", "cancel_requested_at")
    op.drop_column("workflow_executions", "deadline_at")
    op.drop_column("workflow_executions", "wake_at")
    op.drop_column("workflow_executions", "effect_id")
    op.drop_column("workflow_executions", "redo_of_id")
    op.drop_column("workflow_executions", "dedup_key")
    op.drop_column("workflow_executions", "user_id")
    op.drop_column("workflow_executions", "start_node_id")
    op.drop_column("workflow_executions", "trigger")
    op.drop_column("workflow_executions", "version")
    op.drop_table("workflow_steps")
    op.drop_index(op.f("ix_workflow_holds_due_at"), table_name="workflow_holds")
    op.drop_table("workflow_holds")
    op.drop_index(
        "ix_workflow_versions_published_by",
        table_name="workflow_versions",
        postgresql_where=sa.text("published_by IS NOT NULL"),
    )
    op.drop_table("workflow_versions")
    op.drop_index(
        "ix_workflow_triggers_next_at",
        table_name="workflow_triggers",
        postgresql_where=sa.text("next_at IS NOT NULL"),
    )
    op.drop_table("workflow_triggers")
    op.drop_table("event_readers")
