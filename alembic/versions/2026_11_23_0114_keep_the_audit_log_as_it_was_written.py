"""keep the audit log as it was written."""

import sqlalchemy as sa
from alembic import op

revision = "2be9326c3b4f"
down_revision = "fc85335381ed"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""CREATE OR REPLACE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON audit_entries
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_changes()""")


def downgrade() -> None:
    op.execute("DROP TRIGGER append_only ON audit_entries")
