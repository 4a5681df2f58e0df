from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint, func
from sqlalchemy.orm import mapped_column

from ecoctrl_gql.db.base import INTERNAL, JSON, SECRET, Base, Mapped, closed_set, index_of_given, uuid_key
from ecoctrl_gql.db.enums import TriggerType


class WorkflowTriggerRow(Base):
    """An armed trigger of an enabled workflow."""

    __tablename__ = "workflow_triggers"
    __table_args__ = (
        UniqueConstraint("workflow_id", "path"),
        index_of_given("workflow_triggers", "next_at"),
        INTERNAL,
    )

    id: Mapped[str] = uuid_key()
    workflow_id: Mapped[str] = mapped_column(
        ForeignKey("workflows.id", ondelete="CASCADE"), comment="The workflow."
    )
    path: Mapped[str] = mapped_column(String(1000), comment="Where it stands in the definition.")
    type: Mapped[TriggerType] = mapped_column(closed_set(TriggerType, 20), comment="What kind it is.")
    config: Mapped[JSON] = mapped_column(info=SECRET, comment="Its config; it may hold a secret.")
    node_id: Mapped[str | None] = mapped_column(String(255), comment="The node at which a run begins.")
    next_at: Mapped[datetime | None] = mapped_column(
        comment="When a schedule fires next; null for all others."
    )
    fired_at: Mapped[datetime | None] = mapped_column(comment="When it fired last.")
    armed_at: Mapped[datetime] = mapped_column(
        server_default=func.clock_timestamp(), comment="Since when it fires."
    )
