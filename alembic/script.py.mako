<%!
def body(code):
    """The code without what Alembic says about itself."""
    return "\n".join(line for line in code.splitlines() if not line.strip().startswith("# ###")).strip()
%>\
"""${message.rstrip(".").replace("\\", "/").replace('"', "'")}."""

import sqlalchemy as sa
from alembic import op
${imports + "\n" if imports else ""}
revision = ${repr(up_revision).replace("'", '"')}
down_revision = ${repr(down_revision).replace("'", '"')}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}


def upgrade() -> None:
    ${upgrades or "pass" | body}


def downgrade() -> None:
    ${downgrades or "pass" | body}
