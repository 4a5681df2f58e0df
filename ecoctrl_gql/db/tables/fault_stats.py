from datetime import datetime

from sqlalchemy import REAL, String, func
from sqlalchemy.orm import mapped_column

from ecoctrl_gql.db.base import Base, Mapped, serial_key, single_row


class FaultStatsRow(Base):
    """A snapshot of the figures about all faults; there is one at most."""

    __tablename__ = "fault_stats"
    __table_args__ = (single_row("fault_stats"),)

    id: Mapped[int] = serial_key()
    total_count: Mapped[int] = mapped_column(server_default="0", comment="Number of faults.")
    trend: Mapped[str] = mapped_column(
        String(20),
        server_default="0%",
        comment="Change of that number against the period before, in percent, as text.",
    )
    mttr: Mapped[float] = mapped_column(REAL, server_default="0", comment="Mean time to repair, in hours.")
    avg_response_time: Mapped[str] = mapped_column(
        String(20),
        server_default="0min",
        comment="Mean time from occurrence to start of repair, as text with unit.",
    )
    snapshot_at: Mapped[datetime] = mapped_column(
        server_default=func.now(), comment="When the figures were computed."
    )
    trend_percent: Mapped[float | None] = mapped_column(
        REAL,
        comment="The trend as a number, in percent; null where there was no fault in the period before.",
    )
    mean_repair_hours: Mapped[float | None] = mapped_column(
        REAL, comment="Mean time from occurrence to repair, in hours; null while none is repaired."
    )
    mean_response_minutes: Mapped[float | None] = mapped_column(
        REAL, comment="Mean time from occurrence to start of repair, in minutes; null while none has begun."
    )
