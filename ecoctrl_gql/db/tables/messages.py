from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import mapped_column

from ecoctrl_gql.db.base import JSON, Base, Mapped, created_at, index_of_given, uuid_key
from ecoctrl_gql.db.publishing import PUBLISHED_INSERTS
from ecoctrl_gql.db.triggers import triggers


class MessageRow(Base):
    """Something that a workflow tells the programs that listen, such as open dashboards."""

    __tablename__ = "messages"
    __table_args__ = (
        Index("ix_messages_created_at_id", "created_at", "id"),
        index_of_given("messages", "user_id"),
        triggers(PUBLISHED_INSERTS),
    )

    id: Mapped[str] = uuid_key()
    user_id: Mapped[str | None] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), comment="The user whom it is for; null for everybody."
    )
    type: Mapped[str] = mapped_column(String(255), comment="What kind of message it is.")
    event_id: Mapped[str] = mapped_column(String(255), comment="Its id, as the workflow gave it.")
    payload: Mapped[JSON | None] = mapped_column(comment="What is told.")
    created_at: Mapped[datetime] = created_at("When it was told.")
