"""identity indexes."""

import sqlalchemy as sa
from alembic import op

revision = "e945da268040"
down_revision = "095fd3eb07af"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.get_context().autocommit_block():
        # It waits for every transaction under way, but nobody waits for it.
        op.execute("SET lock_timeout = 0")
        op.drop_index(
            "ix_refresh_tokens_user_id_created_at",
            table_name="refresh_tokens",
            postgresql_concurrently=True,
            if_exists=True,
        )
        op.create_index(
            "ix_refresh_tokens_user_id_created_at",
            "refresh_tokens",
            ["user_id", "created_at"],
            unique=False,
            postgresql_concurrently=True,
        )
        op.execute("RESET lock_timeout")


def downgrade() -> None:
    with op.get_context().autocommit_block():
        # It waits for every transaction under way, but nobody waits for it.
        op.execute("SET lock_timeout = 0")
        op.drop_index(
            "ix_refresh_tokens_user_id_created_at",
            table_name="refresh_tokens",
            postgresql_concurrently=True,
            if_exists=True,
        )
        op.execute("RESET lock_timeout")
