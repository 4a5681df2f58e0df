from datetime import datetime

from sqlalchemy import ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import mapped_column

from ecoctrl_gql.db.base import INTERNAL, JSON, Base, Mapped, uuid_key


class WorkflowHoldRow(Base):
    """A state that a trigger watches and that has to last before it fires."""

    __tablename__ = "workflow_holds"
    __table_args__ = (UniqueConstraint("trigger_id", "subject"), INTERNAL)

    id: Mapped[str] = uuid_key()
    trigger_id: Mapped[str] = mapped_column(
        ForeignKey("workflow_triggers.id", ondelete="CASCADE"), comment="The trigger."
    )
    subject: Mapped[str] = mapped_column(Text, comment="What is in that state: object, point and key.")
    trigger_data: Mapped[JSON] = mapped_column(comment="What the run is started with.")
    since: Mapped[datetime] = mapped_column(comment="Since when it is so.")
    due_at: Mapped[datetime | None] = mapped_column(
        index=True, comment="When it has lasted long enough; null once the trigger has fired."
    )
