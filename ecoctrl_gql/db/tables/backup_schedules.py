from sqlalchemy import String
from sqlalchemy.orm import mapped_column

from ecoctrl_gql.db.base import Base, Mapped, serial_key, single_row


class BackupScheduleRow(Base):
    """When the next backup is made; there is one row at most."""

    __tablename__ = "backup_schedules"
    __table_args__ = (single_row("backup_schedules"),)

    id: Mapped[int] = serial_key()
    next_backup: Mapped[str] = mapped_column(
        String(50), comment="When the next backup is due, as RFC 3339 text."
    )
