"""add notifications."""

import sqlalchemy as sa
from alembic import op

revision = "d323f05f5660"
down_revision = "e945da268040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "notifications",
        sa.Column(
            "id",
            sa.Uuid(as_uuid=False),
            server_default=sa.text("gen_random_uuid()"),
            nullable=False,
            comment="The table's own key.",
        ),
        sa.Column("user_id", sa.Uuid(as_uuid=False), nullable=False, comment="The user whom it is for."),
        sa.Column("title", sa.String(length=255), nullable=False, comment="What it is about."),
        sa.Column("message", sa.String(length=500), nullable=True, comment="The details."),
        sa.Column(
            "read",
            sa.Boolean(),
            server_default="false",
            nullable=False,
            comment="Whether the user has read it.",
        ),
        sa.Column(
            "created_at",
            sa.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When it was written.",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_notifications_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notifications")),
        comment="A message to one user, who alone reads it through the API.",
    )
    op.create_index(
        "ix_notifications_user_id_created_at_id",
        "notifications",
        ["user_id", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_notifications_user_id_read_created_at_id",
        "notifications",
        ["user_id", "read", "created_at", "id"],
        unique=False,
    )


def downgrade() -> None:
    op.drop_index("ix_notifications_user_id_read_created_at_id", table_name="notifications")
    op.drop_index("ix_notifications_user_id_created_at_id", table_name="notifications")
    op.drop_table("notifications")
