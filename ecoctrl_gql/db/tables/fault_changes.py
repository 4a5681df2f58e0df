from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import mapped_column

from ecoctrl_gql.db.base import Base, Mapped, closed_set, created_at, index_of_given, uuid_key
from ecoctrl_gql.db.enums import FaultStatus


class FaultChangeRow(Base):
    """
    A step of a fault from one status to another.

    The database writes it whenever a fault's status changes, whoever changes it.
    """

    __tablename__ = "fault_changes"
    __table_args__ = (
        Index("ix_fault_changes_fault_id_changed_at_id", "fault_id", "changed_at", "id"),
        index_of_given("fault_changes", "user_id"),
    )

    id: Mapped[str] = uuid_key()
    fault_id: Mapped[str] = mapped_column(
        ForeignKey("faults.id", ondelete="CASCADE"), comment="The fault whose status changed."
    )
    from_status: Mapped[FaultStatus] = mapped_column(
        closed_set(FaultStatus, 20, "from_status"), comment="Where it stood before."
    )
    to_status: Mapped[FaultStatus] = mapped_column(
        closed_set(FaultStatus, 20, "to_status"), comment="Where it stood then."
    )
    changed_at: Mapped[datetime] = created_at("When it changed.")
    user_id: Mapped[str | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL"),
        comment="The user who changed it; null for other programs, and when that account is gone.",
    )
    note: Mapped[str | None] = mapped_column(Text, comment="What that user said about it.")
