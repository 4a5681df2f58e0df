from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, func
from sqlalchemy.orm import mapped_column

from ecoctrl_gql.db.base import Base, Mapped, closed_set, created_at, index_of_given, uuid_key
from ecoctrl_gql.db.enums import FaultLevel, FaultStatus
from ecoctrl_gql.db.publishing import PUBLISHED
from ecoctrl_gql.db.triggers import Trigger, TriggerFunction, triggers

HISTORY = Trigger(
    "history",
    "AFTER UPDATE",
    TriggerFunction(
        "note_fault_changes",
        """
BEGIN
  INSERT INTO fault_changes (fault_id, from_status, to_status, changed_at, user_id, note)
  SELECT id, old_rows.status, new_rows.status, clock_timestamp(),
    CAST(nullif(current_setting('ecoctrl.user_id', true), '') AS uuid),
    nullif(current_setting('ecoctrl.note', true), '')
  FROM new_rows JOIN old_rows USING (id)
  WHERE old_rows.status <> new_rows.status;
  RETURN NULL;
END
""",
    ),
    "OLD TABLE AS old_rows NEW TABLE AS new_rows",
)
"""Writes `FaultChangeRow`; who changes it and why, the transaction says by `FaultRepository.act_as`."""


class FaultRow(Base):
    """A defect of a device, kept until and after its repair."""

    __tablename__ = "faults"
    __table_args__ = (
        Index("ix_faults_time_id", "time", "id"),
        Index("ix_faults_status_time_id", "status", "time", "id"),
        Index("ix_faults_device_time_id", "device", "time", "id"),
        index_of_given("faults", "reporter_id"),
        index_of_given("faults", "assignee_id", "time", "id"),
        triggers(HISTORY, *PUBLISHED),
    )

    id: Mapped[str] = uuid_key()
    device: Mapped[str] = mapped_column(String(255), comment="The device that is defective.")
    level: Mapped[FaultLevel] = mapped_column(closed_set(FaultLevel, 20), comment="How grave it is.")
    time: Mapped[datetime] = mapped_column(server_default=func.now(), comment="When it occurred.")
    status: Mapped[FaultStatus] = mapped_column(
        closed_set(FaultStatus, 20), server_default=FaultStatus.OPEN.value, comment="Where it stands."
    )
    created_at: Mapped[datetime] = created_at("When it was recorded.")
    description: Mapped[str | None] = mapped_column(Text, comment="What is wrong, in words.")
    reporter_id: Mapped[str | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL"),
        comment="The user who recorded it; null for other programs, and when that account is gone.",
    )
    assignee_id: Mapped[str | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL"), comment="The user who is to repair it."
    )
