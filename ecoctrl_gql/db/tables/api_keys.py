from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import mapped_column

from ecoctrl_gql.db.base import JSON, SECRET, Base, Mapped, closed_set, created_at, uuid_key
from ecoctrl_gql.db.enums import Role


class ApiKeyRow(Base):
    """A key with which a machine calls in the name of the user who made it."""

    __tablename__ = "api_keys"

    id: Mapped[str] = uuid_key()
    user_id: Mapped[str] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), index=True, comment="The user who made it."
    )
    name: Mapped[str] = mapped_column(String(255), comment="What it is for.")
    key_hash: Mapped[str] = mapped_column(
        String(64), unique=True, info=SECRET, comment="sha256 of the key, in hexadecimal; secret."
    )
    prefix: Mapped[str] = mapped_column(String(20), comment="How the key begins, to tell it from others.")
    role: Mapped[Role] = mapped_column(
        closed_set(Role, 100),
        comment="The most that it may do; never more than the user who made it may.",
    )
    allowed_operations: Mapped[JSON] = mapped_column(
        nullable=True,
        comment="The root fields that it may select, such as alerts or createAlert; null for all.",
    )
    expires_at: Mapped[datetime | None] = mapped_column(comment="When it ends; null for never.")
    last_used_at: Mapped[datetime | None] = mapped_column(
        comment="When it was last used, to about a minute; null for never."
    )
    created_at: Mapped[datetime] = created_at("When it was made.")
