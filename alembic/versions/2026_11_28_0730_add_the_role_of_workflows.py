"""add the role of workflows."""

from alembic import op

from ecoctrl_gql.db.migrations.workflow_role import create_workflow_role, revoke_workflow_role

revision = "c41d7f0a9b52"
down_revision = "48803f9f1604"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_workflow_role(op.get_bind())


def downgrade() -> None:
    revoke_workflow_role(op.get_bind())
