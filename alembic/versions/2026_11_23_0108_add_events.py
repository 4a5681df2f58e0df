"""add events."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "fc85335381ed"
down_revision = "446f72979826"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "event_trims",
        sa.Column("id", sa.Integer(), nullable=False, comment="The table's own key."),
        sa.Column(
            "event_id", sa.BigInteger(), nullable=False, comment="The greatest key of a removed event."
        ),
        sa.Column(
            "transaction_id",
            sa.BigInteger(),
            nullable=False,
            comment="The greatest number of a transaction with a removed event.",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_trims")),
        comment="How far events were removed by age; whoever comes back too late is told so.",
    )
    op.create_index("uq_event_trims_single_row", "event_trims", [sa.literal_column("(true)")], unique=True)
    op.create_table(
        "events",
        sa.Column(
            "id",
            sa.BigInteger(),
            nullable=False,
            comment="The table's own key, in the order in which events were written.",
        ),
        sa.Column(
            "transaction_id",
            sa.BigInteger(),
            server_default=sa.text("pg_current_xact_id()::text::bigint"),
            nullable=False,
            comment="The transaction that wrote it, by PostgreSQL's 64-bit number.",
        ),
        sa.Column(
            "subject", sa.String(length=63), nullable=False, comment="The table whose row was changed."
        ),
        sa.Column("change", sa.String(length=10), nullable=False, comment="What happened to the row."),
        sa.Column(
            "data",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="The row: as it was before a deletion, else as it was then.",
        ),
        sa.Column(
            "created_at",
            sa.TIMESTAMP(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
            comment="When it was written.",
        ),
        sa.CheckConstraint(
            "change IN ('created', 'updated', 'deleted')", name=op.f("ck_events_event_change")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
        comment="A change of a row, kept for those who follow such changes until it is too old.",
    )
    op.create_index("ix_events_created_at", "events", ["created_at"], unique=False)
    op.create_index("ix_events_transaction_id_id", "events", ["transaction_id", "id"], unique=False)
    op.execute("""CREATE OR REPLACE FUNCTION refuse_changes() RETURNS trigger
    LANGUAGE plpgsql AS $$
    BEGIN
      RAISE EXCEPTION 'Rows of % are only added, never changed or removed.', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
    END
    $$""")
    op.execute("""CREATE OR REPLACE FUNCTION note_removed_events() RETURNS trigger
    LANGUAGE plpgsql AS $$
    BEGIN
      INSERT INTO event_trims (event_id, transaction_id)
      SELECT max(id), max(transaction_id) FROM old_rows HAVING count(*) > 0
      ON CONFLICT ((true)) DO UPDATE SET
        event_id = greatest(event_trims.event_id, excluded.event_id),
        transaction_id = greatest(event_trims.transaction_id, excluded.transaction_id);
      RETURN NULL;
    END
    $$""")
    op.execute("""CREATE OR REPLACE FUNCTION publish_events() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
    BEGIN
      IF TG_OP = 'INSERT' THEN
        INSERT INTO events (subject, change, data)
        SELECT TG_TABLE_NAME, 'created', to_jsonb(new_rows) FROM new_rows;
      ELSIF TG_OP = 'UPDATE' THEN
        INSERT INTO events (subject, change, data)
        SELECT TG_TABLE_NAME, 'updated', to_jsonb(new_rows) FROM new_rows;
      ELSE
        INSERT INTO events (subject, change, data)
        SELECT TG_TABLE_NAME, 'deleted', to_jsonb(old_rows) FROM old_rows;
      END IF;
      IF FOUND THEN
        PERFORM pg_notify('ecoctrl_events', '');
      END IF;
      RETURN NULL;
    END
    $$""")
    op.execute("""CREATE OR REPLACE TRIGGER publish_deletes AFTER DELETE ON alerts REFERENCING OLD TABLE AS
    old_rows FOR EACH STATEMENT EXECUTE FUNCTION publish_events()""")
    op.execute("""CREATE OR REPLACE TRIGGER publish_inserts AFTER INSERT ON alerts REFERENCING NEW TABLE AS
    new_rows FOR EACH STATEMENT EXECUTE FUNCTION publish_events()""")
    op.execute("""CREATE OR REPLACE TRIGGER publish_updates AFTER UPDATE ON alerts REFERENCING NEW TABLE AS
    new_rows FOR EACH STATEMENT EXECUTE FUNCTION publish_events()""")
    op.execute("""CREATE OR REPLACE TRIGGER keep_events BEFORE UPDATE OR TRUNCATE ON events FOR EACH
    STATEMENT EXECUTE FUNCTION refuse_changes()""")
    op.execute("""CREATE OR REPLACE TRIGGER note_removed_events AFTER DELETE ON events REFERENCING OLD TABLE
    AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION note_removed_events()""")
    op.execute("""CREATE OR REPLACE TRIGGER publish_deletes AFTER DELETE ON faults REFERENCING OLD TABLE AS
    old_rows FOR EACH STATEMENT EXECUTE FUNCTION publish_events()""")
    op.execute("""CREATE OR REPLACE TRIGGER publish_inserts AFTER INSERT ON faults REFERENCING NEW TABLE AS
    new_rows FOR EACH STATEMENT EXECUTE FUNCTION publish_events()""")
    op.execute("""CREATE OR REPLACE TRIGGER publish_updates AFTER UPDATE ON faults REFERENCING NEW TABLE AS
    new_rows FOR EACH STATEMENT EXECUTE FUNCTION publish_events()""")
    op.execute("""CREATE OR REPLACE TRIGGER publish_deletes AFTER DELETE ON maintenance_reminders
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION publish_events()""")
    op.execute("""CREATE OR REPLACE TRIGGER publish_inserts AFTER INSERT ON maintenance_reminders
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION publish_events()""")
    op.execute("""CREATE OR REPLACE TRIGGER publish_updates AFTER UPDATE ON maintenance_reminders
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION publish_events()""")
    op.execute("""CREATE OR REPLACE TRIGGER publish_inserts AFTER INSERT ON notifications REFERENCING NEW
    TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION publish_events()""")


def downgrade() -> None:
    op.execute("DROP TRIGGER publish_inserts ON notifications")
    op.execute("DROP TRIGGER publish_updates ON maintenance_reminders")
    op.execute("DROP TRIGGER publish_inserts ON maintenance_reminders")
    op.execute("DROP TRIGGER publish_deletes ON maintenance_reminders")
    op.execute("DROP TRIGGER publish_updates ON faults")
    op.execute("DROP TRIGGER publish_inserts ON faults")
    op.execute("DROP TRIGGER publish_deletes ON faults")
    op.execute("DROP TRIGGER note_removed_events ON events")
    op.execute("DROP TRIGGER keep_events ON events")
    op.execute("DROP TRIGGER publish_updates ON alerts")
    op.execute("DROP TRIGGER publish_inserts ON alerts")
    op.execute("DROP TRIGGER publish_deletes ON alerts")
    op.execute("DROP FUNCTION publish_events()")
    op.execute("DROP FUNCTION note_removed_events()")
    op.execute("DROP FUNCTION refuse_changes()")
    op.drop_index("ix_events_transaction_id_id", table_name="events")
    op.drop_index("ix_events_created_at", table_name="events")
    op.drop_table("events")
    op.drop_index("uq_event_trims_single_row", table_name="event_trims")
    op.drop_table("event_trims")
