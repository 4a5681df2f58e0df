from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, func
from sqlalchemy.orm import mapped_column

from ecoctrl_gql.db.base import Base, Mapped, closed_set, index_of_given, uuid_key
from ecoctrl_gql.db.enums import AlertLevel, AlertStatus
from ecoctrl_gql.db.publishing import PUBLISHED
from ecoctrl_gql.db.triggers import triggers


class AlertRow(Base):
    """Something happened on a device that somebody should know of."""

    __tablename__ = "alerts"
    __table_args__ = (
        Index("ix_alerts_time_id", "time", "id"),
        Index("ix_alerts_status_time_id", "status", "time", "id"),
        Index("ix_alerts_device_time_id", "device", "time", "id"),
        Index("ix_alerts_level_time_id", "level", "time", "id"),
        index_of_given("alerts", "acknowledged_by"),
        index_of_given("alerts", "resolved_by"),
        index_of_given("alerts", "assignee_id", "time", "id"),
        triggers(*PUBLISHED),
    )

    id: Mapped[str] = uuid_key()
    device: Mapped[str] = mapped_column(String(255), comment="The device it is about.")
    level: Mapped[AlertLevel] = mapped_column(closed_set(AlertLevel, 20), comment="How urgent it is.")
    message: Mapped[str] = mapped_column(Text, comment="What happened, in words.")
    time: Mapped[datetime] = mapped_column(server_default=func.now(), comment="When it happened.")
    status: Mapped[AlertStatus] = mapped_column(
        closed_set(AlertStatus, 20), server_default=AlertStatus.PENDING.value, comment="Where it stands."
    )
    acknowledged_by: Mapped[str | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL"),
        comment="The user who acknowledged it; null also when that account is gone.",
    )
    acknowledged_at: Mapped[datetime | None] = mapped_column(comment="When it was acknowledged.")
    resolved_by: Mapped[str | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL"),
        comment="The user who resolved it; null also when that account is gone.",
    )
    resolved_at: Mapped[datetime | None] = mapped_column(comment="When it was resolved.")
    assignee_id: Mapped[str | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL"), comment="The user who takes care of it."
    )
    note: Mapped[str | None] = mapped_column(Text, comment="What those who handle it want to be known.")
