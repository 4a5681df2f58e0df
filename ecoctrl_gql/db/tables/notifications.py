from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import mapped_column

from ecoctrl_gql.db.base import Base, Mapped, created_at, uuid_key
from ecoctrl_gql.db.publishing import PUBLISHED_INSERTS
from ecoctrl_gql.db.triggers import triggers


class NotificationRow(Base):
    """A message to one user, who alone reads it through the API."""

    __tablename__ = "notifications"
    __table_args__ = (
        Index("ix_notifications_user_id_created_at_id", "user_id", "created_at", "id"),
        Index("ix_notifications_user_id_read_created_at_id", "user_id", "read", "created_at", "id"),
        triggers(PUBLISHED_INSERTS),
    )

    id: Mapped[str] = uuid_key()
    user_id: Mapped[str] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), comment="The user whom it is for."
    )
    title: Mapped[str] = mapped_column(String(255), comment="What it is about.")
    message: Mapped[str | None] = mapped_column(String(500), comment="The details.")
    read: Mapped[bool] = mapped_column(server_default="false", comment="Whether the user has read it.")
    created_at: Mapped[datetime] = created_at("When it was written.")
