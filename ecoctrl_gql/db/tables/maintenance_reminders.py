from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import mapped_column

from ecoctrl_gql.db.base import Base, Mapped, closed_set, index_of_given, uuid_key
from ecoctrl_gql.db.enums import MaintenancePriority, MaintenanceStatus, RepeatUnit
from ecoctrl_gql.db.publishing import PUBLISHED
from ecoctrl_gql.db.triggers import triggers


class MaintenanceReminderRow(Base):
    """A maintenance task and when it is due."""

    __tablename__ = "maintenance_reminders"
    __table_args__ = (
        Index("ix_maintenance_reminders_due_date_id", "due_date", "id"),
        Index("ix_maintenance_reminders_last_completed_id", "last_completed", "id"),
        Index("ix_maintenance_reminders_status_due_date_id", "status", "due_date", "id"),
        index_of_given("maintenance_reminders", "completed_by"),
        CheckConstraint("repeat_every > 0", name="repeat_every"),
        CheckConstraint("num_nonnulls(repeat_every, repeat_unit) IN (0, 2)", name="repeat_plan"),
        triggers(*PUBLISHED),
    )

    id: Mapped[str] = uuid_key()
    task: Mapped[str] = mapped_column(String(255), comment="What is to be done.")
    description: Mapped[str | None] = mapped_column(Text, comment="How, and what to watch.")
    due_date: Mapped[date] = mapped_column(comment="The day by which it is to be done.")
    priority: Mapped[MaintenancePriority] = mapped_column(
        closed_set(MaintenancePriority, 20),
        server_default=MaintenancePriority.MEDIUM.value,
        comment="How important it is.",
    )
    status: Mapped[MaintenanceStatus] = mapped_column(
        closed_set(MaintenanceStatus, 20),
        server_default=MaintenanceStatus.PENDING.value,
        comment="Where it stands.",
    )
    assignee: Mapped[str | None] = mapped_column(String(100), comment="Who is to do it.")
    location: Mapped[str | None] = mapped_column(String(255), comment="Where it is to be done.")
    estimated_hours: Mapped[int | None] = mapped_column(
        server_default="0", comment="Expected work, in hours."
    )
    last_completed: Mapped[date | None] = mapped_column(comment="The day on which it was last done.")
    completed_by: Mapped[str | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL"),
        comment="The user who reported it done; null also when that account is gone.",
    )
    repeat_every: Mapped[int | None] = mapped_column(
        comment="After how many days, weeks, months or years it is due again; null where it is not repeated."
    )
    repeat_unit: Mapped[RepeatUnit | None] = mapped_column(
        closed_set(RepeatUnit, 20), comment="What that interval is counted in."
    )
    repeat_from: Mapped[date | None] = mapped_column(
        comment="The day that the repetitions are counted from; the due date where there is none."
    )
