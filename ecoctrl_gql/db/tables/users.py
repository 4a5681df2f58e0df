from datetime import datetime

from sqlalchemy import Index, String, text
from sqlalchemy.orm import mapped_column

from ecoctrl_gql.db.base import JSON, SECRET, Base, Mapped, closed_set, created_at, uuid_key
from ecoctrl_gql.db.enums import Role, UserStatus


class UserRow(Base):
    """A person who may log in."""

    __tablename__ = "users"
    __table_args__ = (
        Index("uq_users_username_lower", text("lower(username)"), unique=True),
        Index("uq_users_email_lower", text("lower(email)"), unique=True),
        Index("ix_users_created_at_id", "created_at", "id"),
    )

    id: Mapped[str] = uuid_key()
    username: Mapped[str] = mapped_column(
        String(255), comment="The name to log in with; unique, whatever its case."
    )
    password: Mapped[str | None] = mapped_column(
        String(255),
        info=SECRET,
        comment="The bcrypt hash of the password; null for an account that logs in by OAuth only.",
    )
    email: Mapped[str] = mapped_column(
        String(255), comment="Where verification codes go; unique, whatever its case."
    )
    role: Mapped[Role] = mapped_column(
        closed_set(Role, 100), server_default=Role.VIEWER.value, comment="What the user may do."
    )
    status: Mapped[UserStatus] = mapped_column(
        closed_set(UserStatus, 20),
        server_default=UserStatus.OFFLINE.value,
        comment="Whether the user is there.",
    )
    last_login: Mapped[str | None] = mapped_column(
        String(50), comment="When the user last logged in, as RFC 3339 text; null for never."
    )
    avatar_url: Mapped[str | None] = mapped_column(String(500), comment="Where the user's picture is.")
    preferences: Mapped[JSON] = mapped_column(
        server_default="{}", comment="Preferences of the user interface: theme, language, density and others."
    )
    created_at: Mapped[datetime] = created_at("When the account was made.")
