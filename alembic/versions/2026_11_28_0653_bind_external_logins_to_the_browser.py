"""bind external logins to the browser, end idle sessions."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "9e13c1a5d694"
down_revision = "8a3717a790db"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.alter_column(
        "oauth_accounts",
        "access_token",
        existing_type=sa.VARCHAR(length=1000),
        comment="Issued by the provider, encrypted; secret. Null where it is too long to be kept.",
        existing_comment="Issued by the provider; secret.",
        existing_nullable=True,
    )
    op.alter_column(
        "oauth_accounts",
        "refresh_token",
        existing_type=sa.VARCHAR(length=1000),
        comment="Issued by the provider, encrypted; secret. Null where there is none, or it is too long.",
        existing_comment="Issued by the provider; secret.",
        existing_nullable=True,
    )
    # They last for minutes, and lack what is needed to go on with them.
    op.execute("DELETE FROM oauth_states")
    op.execute("DELETE FROM oauth_tickets")
    op.add_column(
        "oauth_states",
        sa.Column(
            "verifier_hash",
            sa.String(length=64),
            nullable=False,
            comment="sha256 of the verifier that the page which began has kept; secret.",
        ),
    )
    op.alter_column(
        "oauth_states",
        "browser_hash",
        existing_type=sa.VARCHAR(length=64),
        nullable=True,
        comment="sha256 of the cookie of the browser that was sent to the provider; secret. Null before.",
        existing_comment="sha256 of the cookie of the browser that began; secret.",
    )
    op.add_column(
        "oauth_tickets",
        sa.Column("purpose", sa.String(length=20), nullable=False, comment="What the code is good for."),
    )
    op.add_column(
        "oauth_tickets",
        sa.Column(
            "verifier_hash",
            sa.String(length=64),
            nullable=True,
            comment="sha256 of the verifier that is needed along with it; secret. Null where none is.",
        ),
    )
    op.alter_column(
        "oauth_tickets",
        "user_id",
        existing_type=sa.UUID(),
        comment="Whom the account belongs to, or who links it; null for one that nobody has linked yet.",
        existing_comment="The user whom the account belongs to; null for an account that nobody has linked yet.",
        existing_nullable=True,
    )
    op.create_check_constraint(
        op.f("ck_oauth_tickets_ticket_purpose"), "oauth_tickets", "purpose IN ('login', 'linking', 'binding')"
    )
    op.add_column(
        "platform_configs",
        sa.Column(
            "enforce_session_timeout",
            sa.Boolean(),
            server_default="false",
            nullable=False,
            comment="Whether idle sessions end after sessionTimeout; else 7 days after the last refresh.",
        ),
    )
    op.alter_column(
        "platform_configs",
        "session_timeout",
        existing_type=sa.INTEGER(),
        comment="After how much idleness a session ends, in minutes, where enforceSessionTimeout is set. It begins when the session's access token expires, a quarter of an hour after the last refresh. 0: no limit.",
        existing_comment="After how much idleness a session ends, in minutes.",
        existing_nullable=False,
        existing_server_default=sa.text("30"),
    )
    op.alter_column(
        "refresh_tokens",
        "expires_at",
        existing_type=postgresql.TIMESTAMP(timezone=True),
        comment="When the session ends unless it is refreshed: 7 days after the token was issued, or earlier by the platform's sessionTimeout.",
        existing_comment="When the session ends unless it is refreshed: 7 days after the token was issued.",
        existing_nullable=False,
    )
    op.alter_column(
        "spent_refresh_tokens",
        "sealed_successor",
        existing_type=sa.VARCHAR(length=64),
        nullable=True,
        comment="The token that took its place, which only the spent token itself can open; secret. Null once the spent token may not be used again.",
        existing_comment="The token that took its place, which only the spent token itself can open; secret.",
    )


def downgrade() -> None:
    # Logins that are under way lack what is needed to go on with them.
    op.execute("DELETE FROM oauth_states")
    op.execute("DELETE FROM oauth_tickets")
    # Of a token that was spent longer ago than the overlap nobody opens the successor.
    op.execute("UPDATE spent_refresh_tokens SET sealed_successor = '' WHERE sealed_successor IS NULL")
    op.alter_column(
        "spent_refresh_tokens",
        "sealed_successor",
        existing_type=sa.VARCHAR(length=64),
        nullable=False,
        comment="The token that took its place, which only the spent token itself can open; secret.",
        existing_comment="The token that took its place, which only the spent token itself can open; secret. Null once the spent token may not be used again.",
    )
    op.alter_column(
        "refresh_tokens",
        "expires_at",
        existing_type=postgresql.TIMESTAMP(timezone=True),
        comment="When the session ends unless it is refreshed: 7 days after the token was issued.",
        existing_comment="When the session ends unless it is refreshed: 7 days after the token was issued, or earlier by the platform's sessionTimeout.",
        existing_nullable=False,
    )
    op.alter_column(
        "platform_configs",
        "session_timeout",
        existing_type=sa.INTEGER(),
        comment="After how much idleness a session ends, in minutes.",
        existing_comment="After how much idleness a session ends, in minutes, where enforceSessionTimeout is set. It begins when the session's access token expires, a quarter of an hour after the last refresh. 0: no limit.",
        existing_nullable=False,
        existing_server_default=sa.text("30"),
    )
    op.drop_column("platform_configs", "enforce_session_timeout")
    op.drop_constraint(op.f("ck_oauth_tickets_ticket_purpose"), "oauth_tickets", type_="check")
    op.alter_column(
        "oauth_tickets",
        "user_id",
        existing_type=sa.UUID(),
        comment="The user whom the account belongs to; null for an account that nobody has linked yet.",
        existing_comment="Whom the account belongs to, or who links it; null for one that nobody has linked yet.",
        existing_nullable=True,
    )
    op.drop_column("oauth_tickets", "verifier_hash")
    op.drop_column("oauth_tickets", "purpose")
    op.alter_column(
        "oauth_states",
        "browser_hash",
        existing_type=sa.VARCHAR(length=64),
        nullable=False,
        comment="sha256 of the cookie of the browser that began; secret.",
        existing_comment="sha256 of the cookie of the browser that was sent to the provider; secret. Null before.",
    )
    op.drop_column("oauth_states", "verifier_hash")
    op.alter_column(
        "oauth_accounts",
        "refresh_token",
        existing_type=sa.VARCHAR(length=1000),
        comment="Issued by the provider; secret.",
        existing_comment="Issued by the provider, encrypted; secret. Null where there is none, or it is too long.",
        existing_nullable=True,
    )
    op.alter_column(
        "oauth_accounts",
        "access_token",
        existing_type=sa.VARCHAR(length=1000),
        comment="Issued by the provider; secret.",
        existing_comment="Issued by the provider, encrypted; secret. Null where it is too long to be kept.",
        existing_nullable=True,
    )
