"""know linked accounts by both ids."""

import sqlalchemy as sa
from alembic import op

revision = "8cf9ac7d0aff"
down_revision = "2be9326c3b4f"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "oauth_accounts",
        sa.Column(
            "open_id",
            sa.String(length=255),
            nullable=True,
            comment="The id that the provider's app alone knows the person by; null where there is none.",
        ),
    )


def downgrade() -> None:
    op.drop_column("oauth_accounts", "open_id")
