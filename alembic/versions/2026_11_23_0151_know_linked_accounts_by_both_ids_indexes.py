"""know linked accounts by both ids indexes."""

import sqlalchemy as sa
from alembic import op

revision = "8a3717a790db"
down_revision = "8cf9ac7d0aff"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.get_context().autocommit_block():
        # It waits for every transaction under way, but nobody waits for it.
        op.execute("SET lock_timeout = 0")
        op.drop_index(
            op.f("ix_oauth_accounts_open_id"),
            table_name="oauth_accounts",
            postgresql_concurrently=True,
            if_exists=True,
        )
        op.create_index(
            op.f("ix_oauth_accounts_open_id"),
            "oauth_accounts",
            ["open_id"],
            unique=False,
            postgresql_concurrently=True,
        )
        op.execute("RESET lock_timeout")


def downgrade() -> None:
    with op.get_context().autocommit_block():
        # It waits for every transaction under way, but nobody waits for it.
        op.execute("SET lock_timeout = 0")
        op.drop_index(
            op.f("ix_oauth_accounts_open_id"),
            table_name="oauth_accounts",
            postgresql_concurrently=True,
            if_exists=True,
        )
        op.execute("RESET lock_timeout")
