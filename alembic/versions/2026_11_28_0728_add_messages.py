"""add messages."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "bda961d3b708"
down_revision = "c41d7f0a9b52"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "messages",
        sa.Column(
            "id",
            sa.Uuid(as_uuid=False),
            server_default=sa.text("gen_random_uuid()"),
            nullable=False,
            comment="The table's own key.",
        ),
        sa.Column(
            "user_id",
            sa.Uuid(as_uuid=False),
            nullable=True,
            comment="The user whom it is for; null for everybody.",
        ),
        sa.Column("type", sa.String(length=255), nullable=False, comment="What kind of message it is."),
        sa.Column(
            "event_id", sa.String(length=255), nullable=False, comment="Its id, as the workflow gave it."
        ),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=True, comment="What is told."),
        sa.Column(
            "created_at",
            sa.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When it was told.",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_messages_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
        comment="Something that a workflow tells the programs that listen, such as open dashboards.",
    )
    op.create_index("ix_messages_created_at_id", "messages", ["created_at", "id"], unique=False)
    op.create_index(
        "ix_messages_user_id",
        "messages",
        ["user_id"],
        unique=False,
        postgresql_where=sa.text("user_id IS NOT NULL"),
    )
    op.execute("""CREATE OR REPLACE TRIGGER publish_inserts AFTER INSERT ON messages REFERENCING NEW TABLE
    AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION publish_events()""")


def downgrade() -> None:
    op.execute("DROP TRIGGER publish_inserts ON messages")
    op.drop_index(
        "ix_messages_user_id", table_name="messages", postgresql_where=sa.text("user_id IS NOT NULL")
    )
    op.drop_index("ix_messages_created_at_id", table_name="messages")
    op.drop_table("messages")
