from datetime import datetime

from sqlalchemy import Index, String, func
from sqlalchemy.orm import mapped_column

from ecoctrl_gql.db.base import Base, Mapped, closed_set, created_at, uuid_key
from ecoctrl_gql.db.enums import FaultLevel, FaultStatus


class FaultRow(Base):
    """A defect of a device, kept until and after its repair."""

    __tablename__ = "faults"
    __table_args__ = (
        Index("ix_faults_time_id", "time", "id"),
        Index("ix_faults_status_time_id", "status", "time", "id"),
        Index("ix_faults_device_time_id", "device", "time", "id"),
    )

    id: Mapped[str] = uuid_key()
    device: Mapped[str] = mapped_column(String(255), comment="The device that is defective.")
    level: Mapped[FaultLevel] = mapped_column(closed_set(FaultLevel, 20), comment="How grave it is.")
    time: Mapped[datetime] = mapped_column(server_default=func.now(), comment="When it occurred.")
    status: Mapped[FaultStatus] = mapped_column(
        closed_set(FaultStatus, 20), server_default=FaultStatus.OPEN.value, comment="Where it stands."
    )
    created_at: Mapped[datetime] = created_at("When it was recorded.")
