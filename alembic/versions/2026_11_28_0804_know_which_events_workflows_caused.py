"""know which events workflows caused."""

import sqlalchemy as sa
from alembic import op

revision = "02f0cefa86bd"
down_revision = "af8a98e63e19"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "events",
        sa.Column(
            "chain",
            sa.Integer(),
            server_default=sa.text("nullif(current_setting('ecoctrl.chain', true), '')::integer"),
            nullable=True,
            comment="How many runs of workflows led to it, one by the events of the other; null for none.",
        ),
    )


def downgrade() -> None:
    op.drop_column("events", "chain")
