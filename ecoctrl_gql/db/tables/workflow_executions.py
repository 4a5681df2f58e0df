from datetime import datetime

from sqlalchemy import ForeignKey, Index, func
from sqlalchemy.orm import mapped_column

from ecoctrl_gql.db.base import JSON, Base, Mapped, closed_set, uuid_key
from ecoctrl_gql.db.enums import ExecutionStatus


class WorkflowExecutionRow(Base):
    """One run of a workflow."""

    __tablename__ = "workflow_executions"
    __table_args__ = (
        Index("ix_workflow_executions_workflow_id_started_at_id", "workflow_id", "started_at", "id"),
        Index("ix_workflow_executions_started_at_id", "started_at", "id"),
        Index("ix_workflow_executions_completed_at_id", "completed_at", "id"),
        Index("ix_workflow_executions_status_started_at_id", "status", "started_at", "id"),
    )

    id: Mapped[str] = uuid_key()
    workflow_id: Mapped[str] = mapped_column(
        ForeignKey("workflows.id", ondelete="CASCADE"), comment="The workflow that ran."
    )
    status: Mapped[ExecutionStatus] = mapped_column(
        closed_set(ExecutionStatus, 20),
        server_default=ExecutionStatus.PENDING.value,
        comment="Where the run stands.",
    )
    trigger_data: Mapped[JSON | None] = mapped_column(comment="What started it.")
    result: Mapped[JSON | None] = mapped_column(comment="Its final output, and a log of every node.")
    started_at: Mapped[datetime] = mapped_column(server_default=func.now(), comment="When it began.")
    completed_at: Mapped[datetime | None] = mapped_column(comment="When it ended; null while it runs.")
