"""add the job queue."""

from alembic import op

from ecoctrl_gql.db.migrations.job_queue import create_job_queue, drop_job_queue

revision = "b7d1c2a4e6f0"
down_revision = "9e13c1a5d694"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_job_queue(op.get_bind())


def downgrade() -> None:
    drop_job_queue(op.get_bind())
