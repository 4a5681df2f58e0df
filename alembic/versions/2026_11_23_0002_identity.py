"""identity."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "095fd3eb07af"
down_revision = "6cf443def8a5"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_entries",
        sa.Column("id", sa.Integer(), nullable=False, comment="The table's own key."),
        sa.Column(
            "actor_id",
            sa.Uuid(as_uuid=False),
            nullable=True,
            comment="The key of the user who did it, who may have been deleted since; null for the system.",
        ),
        sa.Column(
            "actor_name",
            sa.String(length=255),
            nullable=True,
            comment="The user's name at that time; null for the system.",
        ),
        sa.Column(
            "api_key_id",
            sa.Uuid(as_uuid=False),
            nullable=True,
            comment="The API key that was used; null for a person.",
        ),
        sa.Column(
            "action",
            sa.String(length=100),
            nullable=False,
            comment="What was done, such as user.role_changed or session.replayed.",
        ),
        sa.Column(
            "node_id", sa.String(length=255), nullable=True, comment="The global id of what it was done to."
        ),
        sa.Column(
            "address",
            sa.String(length=64),
            nullable=True,
            comment="The network address that the request came from.",
        ),
        sa.Column(
            "request_id",
            sa.String(length=128),
            nullable=True,
            comment="The request that did it, as it stands in the log.",
        ),
        sa.Column(
            "details",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default="{}",
            nullable=False,
            comment="What changed, from what to what; without secrets.",
        ),
        sa.Column(
            "created_at",
            sa.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When it was done.",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entries")),
        comment="Who did what to which thing, when and from where.\n\nEntries are never changed or deleted; the database refuses it.",
    )
    op.create_index(
        "ix_audit_entries_action_created_at", "audit_entries", ["action", "created_at"], unique=False
    )
    op.create_index(
        "ix_audit_entries_actor_id_created_at", "audit_entries", ["actor_id", "created_at"], unique=False
    )
    op.create_index("ix_audit_entries_created_at_id", "audit_entries", ["created_at", "id"], unique=False)
    op.create_index(
        "ix_audit_entries_node_id_created_at", "audit_entries", ["node_id", "created_at"], unique=False
    )
    op.create_table(
        "rate_limits",
        sa.Column(
            "key",
            sa.String(length=64),
            nullable=False,
            comment="Hash of what is limited, such as logins of one account.",
        ),
        sa.Column(
            "tokens",
            sa.DOUBLE_PRECISION(),
            nullable=False,
            comment="The attempts that were left at that time.",
        ),
        sa.Column(
            "updated_at",
            sa.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="The time of the last attempt.",
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_rate_limits")),
        comment="How much of a limit is left: a bucket from which each attempt takes a token, and which fills again.",
    )
    op.create_index(op.f("ix_rate_limits_updated_at"), "rate_limits", ["updated_at"], unique=False)
    op.create_table(
        "verification_codes",
        sa.Column(
            "id",
            sa.Uuid(as_uuid=False),
            server_default=sa.text("gen_random_uuid()"),
            nullable=False,
            comment="The table's own key.",
        ),
        sa.Column("purpose", sa.String(length=20), nullable=False, comment="What the code is good for."),
        sa.Column(
            "email",
            sa.String(length=255),
            nullable=False,
            comment="The address it was sent to, in lower case.",
        ),
        sa.Column(
            "code_hash",
            sa.String(length=64),
            nullable=False,
            comment="Keyed hash of the code, in hexadecimal; secret.",
        ),
        sa.Column(
            "tries",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="How often a wrong code was given.",
        ),
        sa.Column(
            "expires_at",
            sa.TIMESTAMP(timezone=True),
            nullable=False,
            comment="When it is good for nothing any more.",
        ),
        sa.Column(
            "created_at",
            sa.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When it was sent.",
        ),
        sa.CheckConstraint(
            "purpose IN ('register', 'reset')", name=op.f("ck_verification_codes_code_purpose")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verification_codes")),
        sa.UniqueConstraint("purpose", "email", name=op.f("uq_verification_codes_purpose_email")),
        comment="A six-digit code that was sent by mail, to prove that an address is one's own.",
    )
    op.create_index(
        op.f("ix_verification_codes_expires_at"), "verification_codes", ["expires_at"], unique=False
    )
    op.create_table(
        "api_keys",
        sa.Column(
            "id",
            sa.Uuid(as_uuid=False),
            server_default=sa.text("gen_random_uuid()"),
            nullable=False,
            comment="The table's own key.",
        ),
        sa.Column("user_id", sa.Uuid(as_uuid=False), nullable=False, comment="The user who made it."),
        sa.Column("name", sa.String(length=255), nullable=False, comment="What it is for."),
        sa.Column(
            "key_hash",
            sa.String(length=64),
            nullable=False,
            comment="sha256 of the key, in hexadecimal; secret.",
        ),
        sa.Column(
            "prefix",
            sa.String(length=20),
            nullable=False,
            comment="How the key begins, to tell it from others.",
        ),
        sa.Column(
            "role",
            sa.String(length=100),
            nullable=False,
            comment="The most that it may do; never more than the user who made it may.",
        ),
        sa.Column(
            "allowed_operations",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=True,
            comment="The root fields that it may select, such as alerts or createAlert; null for all.",
        ),
        sa.Column(
            "expires_at", sa.TIMESTAMP(timezone=True), nullable=True, comment="When it ends; null for never."
        ),
        sa.Column(
            "last_used_at",
            sa.TIMESTAMP(timezone=True),
            nullable=True,
            comment="When it was last used, to about a minute; null for never.",
        ),
        sa.Column(
            "created_at",
            sa.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When it was made.",
        ),
        sa.CheckConstraint(
            "role IN ('super_admin', 'admin', 'operator', 'analyst', 'viewer')", name=op.f("ck_api_keys_role")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_api_keys_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_keys")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_api_keys_key_hash")),
        comment="A key with which a machine calls in the name of the user who made it.",
    )
    op.create_index(op.f("ix_api_keys_user_id"), "api_keys", ["user_id"], unique=False)
    op.create_table(
        "oauth_states",
        sa.Column(
            "state_hash",
            sa.String(length=64),
            nullable=False,
            comment="sha256 of the state, in hexadecimal; secret.",
        ),
        sa.Column(
            "browser_hash",
            sa.String(length=64),
            nullable=False,
            comment="sha256 of the cookie of the browser that began; secret.",
        ),
        sa.Column("provider", sa.String(length=50), nullable=False, comment="Where the browser was sent."),
        sa.Column(
            "return_to", sa.String(length=1000), nullable=False, comment="The page that the browser ends at."
        ),
        sa.Column(
            "user_id",
            sa.Uuid(as_uuid=False),
            nullable=True,
            comment="The user who links the account; null for a login.",
        ),
        sa.Column(
            "expires_at",
            sa.TIMESTAMP(timezone=True),
            nullable=False,
            comment="When it is too late to come back.",
        ),
        sa.Column(
            "created_at",
            sa.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When it was begun.",
        ),
        sa.CheckConstraint("provider IN ('wechat', 'feishu')", name=op.f("ck_oauth_states_oauth_provider")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_oauth_states_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("state_hash", name=op.f("pk_oauth_states")),
        comment="A login with an external account that was begun in a browser, until the provider sends it back.",
    )
    op.create_index(op.f("ix_oauth_states_expires_at"), "oauth_states", ["expires_at"], unique=False)
    op.create_index(op.f("ix_oauth_states_user_id"), "oauth_states", ["user_id"], unique=False)
    op.create_table(
        "oauth_tickets",
        sa.Column(
            "code_hash",
            sa.String(length=64),
            nullable=False,
            comment="sha256 of the code, in hexadecimal; secret.",
        ),
        sa.Column("provider", sa.String(length=50), nullable=False, comment="Whose account it is about."),
        sa.Column(
            "user_id",
            sa.Uuid(as_uuid=False),
            nullable=True,
            comment="The user whom the account belongs to; null for an account that nobody has linked yet.",
        ),
        sa.Column(
            "sealed_identity",
            sa.Text(),
            nullable=False,
            comment="The external account with its tokens, encrypted; secret.",
        ),
        sa.Column(
            "expires_at",
            sa.TIMESTAMP(timezone=True),
            nullable=False,
            comment="When it is good for nothing any more.",
        ),
        sa.Column(
            "created_at",
            sa.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When it was made.",
        ),
        sa.CheckConstraint("provider IN ('wechat', 'feishu')", name=op.f("ck_oauth_tickets_oauth_provider")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_oauth_tickets_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_oauth_tickets")),
        comment="A one-time code that a page exchanges for what a login with an external account came to.",
    )
    op.create_index(op.f("ix_oauth_tickets_expires_at"), "oauth_tickets", ["expires_at"], unique=False)
    op.create_index(op.f("ix_oauth_tickets_user_id"), "oauth_tickets", ["user_id"], unique=False)
    op.create_table(
        "spent_refresh_tokens",
        sa.Column(
            "token_hash",
            sa.String(length=64),
            nullable=False,
            comment="sha256 of the token, in hexadecimal; secret.",
        ),
        sa.Column(
            "session_id", sa.Uuid(as_uuid=False), nullable=False, comment="The session it belonged to."
        ),
        sa.Column(
            "sealed_successor",
            sa.String(length=64),
            nullable=False,
            comment="The token that took its place, which only the spent token itself can open; secret.",
        ),
        sa.Column(
            "spent_at",
            sa.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When it was used.",
        ),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["refresh_tokens.id"],
            name=op.f("fk_spent_refresh_tokens_session_id_refresh_tokens"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_spent_refresh_tokens")),
        comment="A refresh token that was used: whoever uses it again may have stolen it.",
    )
    op.create_index(
        op.f("ix_spent_refresh_tokens_session_id"), "spent_refresh_tokens", ["session_id"], unique=False
    )
    op.add_column(
        "platform_configs",
        sa.Column(
            "sessions_per_user",
            sa.Integer(),
            server_default="1",
            nullable=False,
            comment="On how many devices a user may be logged in at once; a login ends the oldest. 0: no limit.",
        ),
    )
    op.create_check_constraint(
        op.f("ck_platform_configs_sessions_per_user"), "platform_configs", "(sessions_per_user >= 0)"
    )
    op.add_column(
        "refresh_tokens",
        sa.Column(
            "last_used_at",
            sa.TIMESTAMP(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
            comment="When the session was last refreshed, at first when it began.",
        ),
    )
    op.add_column(
        "refresh_tokens",
        sa.Column(
            "device",
            sa.String(length=500),
            nullable=True,
            comment="What the device says that it is: the user agent of the login.",
        ),
    )
    op.add_column(
        "refresh_tokens",
        sa.Column(
            "address",
            sa.String(length=64),
            nullable=True,
            comment="The network address that the session was last refreshed from.",
        ),
    )
    op.alter_column(
        "refresh_tokens",
        "created_at",
        existing_type=postgresql.TIMESTAMP(timezone=True),
        comment="When the session began: the login.",
        existing_comment="When the token was issued.",
        existing_nullable=False,
        existing_server_default=sa.text("now()"),
    )


def downgrade() -> None:
    op.alter_column(
        "refresh_tokens",
        "created_at",
        existing_type=postgresql.TIMESTAMP(timezone=True),
        comment="When the token was issued.",
        existing_comment="When the session began: the login.",
        existing_nullable=False,
        existing_server_default=sa.text("now()"),
    )
    op.drop_column("refresh_tokens", "address")
    op.drop_column("refresh_tokens", "device")
    op.drop_column("refresh_tokens", "last_used_at")
    op.drop_constraint(op.f("ck_platform_configs_sessions_per_user"), "platform_configs", type_="check")
    op.drop_column("platform_configs", "sessions_per_user")
    op.drop_index(op.f("ix_spent_refresh_tokens_session_id"), table_name="spent_refresh_tokens")
    op.drop_table("spent_refresh_tokens")
    op.drop_index(op.f("ix_oauth_tickets_user_id"), table_name="oauth_tickets")
    op.drop_index(op.f("ix_oauth_tickets_expires_at"), table_name="oauth_tickets")
    op.drop_table("oauth_tickets")
    op.drop_index(op.f("ix_oauth_states_user_id"), table_name="oauth_states")
    op.drop_index(op.f("ix_oauth_states_expires_at"), table_name="oauth_states")
    op.drop_table("oauth_states")
    op.drop_index(op.f("ix_api_keys_user_id"), table_name="api_keys")
    op.drop_table("api_keys")
    op.drop_index(op.f("ix_verification_codes_expires_at"), table_name="verification_codes")
    op.drop_table("verification_codes")
    op.drop_index(op.f("ix_rate_limits_updated_at"), table_name="rate_limits")
    op.drop_table("rate_limits")
    op.drop_index("ix_audit_entries_node_id_created_at", table_name="audit_entries")
    op.drop_index("ix_audit_entries_created_at_id", table_name="audit_entries")
    op.drop_index("ix_audit_entries_actor_id_created_at", table_name="audit_entries")
    op.drop_index("ix_audit_entries_action_created_at", table_name="audit_entries")
    op.drop_table("audit_entries")
