from datetime import datetime

from sqlalchemy import REAL, ForeignKey, Index, String, func
from sqlalchemy.orm import mapped_column

from ecoctrl_gql.db.base import Base, Mapped, serial_key


class EnergyReadingRow(Base):
    """The energy that was consumed in one hour."""

    __tablename__ = "energy_readings"
    __table_args__ = (
        Index("uq_energy_readings_area_id_reading_at", "area_id", "reading_at", unique=True),
        Index("ix_energy_readings_reading_at_id", "reading_at", "id"),
    )

    id: Mapped[int] = serial_key()
    hour: Mapped[str] = mapped_column(
        String(10), comment="The hour's label in the platform's time zone, such as 09:00."
    )
    k_wh: Mapped[float] = mapped_column(REAL, comment="Energy consumed in the hour, in kWh.")
    reading_at: Mapped[datetime] = mapped_column(server_default=func.now(), comment="When the hour began.")
    area_id: Mapped[int | None] = mapped_column(
        ForeignKey("energy_areas.id", ondelete="CASCADE"),
        comment="The area that consumed it; null for the site as a whole.",
    )
