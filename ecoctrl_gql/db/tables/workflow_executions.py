from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, func, text
from sqlalchemy.orm import mapped_column

from ecoctrl_gql.db.base import JSON, Base, Mapped, closed_set, index_of_given, uuid_key
from ecoctrl_gql.db.enums import ExecutionStatus, TriggerType
from ecoctrl_gql.db.publishing import PUBLISHED
from ecoctrl_gql.db.triggers import triggers


class WorkflowExecutionRow(Base):
    """One run of a workflow."""

    __tablename__ = "workflow_executions"
    __table_args__ = (
        Index("ix_workflow_executions_workflow_id_started_at_id", "workflow_id", "started_at", "id"),
        Index("ix_workflow_executions_started_at_id", "started_at", "id"),
        Index("ix_workflow_executions_completed_at_id", "completed_at", "id"),
        Index("ix_workflow_executions_status_started_at_id", "status", "started_at", "id"),
        Index(
            "ix_workflow_executions_active",
            "workflow_id",
            "started_at",
            "id",
            postgresql_where=text("completed_at IS NULL"),
        ),
        index_of_given("workflow_executions", "wake_at"),
        index_of_given("workflow_executions", "redo_of_id"),
        index_of_given("workflow_executions", "user_id"),
        Index(
            "uq_workflow_executions_workflow_id_dedup_key",
            "workflow_id",
            "dedup_key",
            unique=True,
            postgresql_where=text("dedup_key IS NOT NULL"),
        ),
        triggers(*PUBLISHED),
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
    version: Mapped[int | None] = mapped_column(
        comment="The version of the workflow that it runs; null where another program wrote it."
    )
    trigger: Mapped[TriggerType | None] = mapped_column(
        closed_set(TriggerType, 20), comment="What kind of trigger started it."
    )
    start_node_id: Mapped[str | None] = mapped_column(
        String(255), comment="The node at which it began; null for the workflow's start."
    )
    user_id: Mapped[str | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL"), comment="The user who started it, if somebody did."
    )
    dedup_key: Mapped[str | None] = mapped_column(
        String(255), comment="What it was started by; the same starts a workflow once."
    )
    redo_of_id: Mapped[str | None] = mapped_column(
        ForeignKey("workflow_executions.id", ondelete="SET NULL"),
        comment="The failed run that it goes on with.",
    )
    effect_id: Mapped[str] = mapped_column(
        String(36),
        server_default=func.gen_random_uuid().cast(String),
        comment="What the keys are made of by which others know its calls; a redone run has the first one's.",
    )
    wake_at: Mapped[datetime | None] = mapped_column(comment="Until when it waits; null while it does not.")
    deadline_at: Mapped[datetime | None] = mapped_column(comment="When it is ended as having taken too long.")
    cancel_requested_at: Mapped[datetime | None] = mapped_column(comment="When somebody asked to stop it.")
    steps: Mapped[int] = mapped_column(server_default="0", comment="How many steps it has taken.")
    node_id: Mapped[str | None] = mapped_column(
        String(255), comment="The node that it began last; where it failed, the one that failed."
    )
    error: Mapped[str | None] = mapped_column(Text, comment="Why it failed or was stopped.")
    claim: Mapped[int] = mapped_column(
        server_default="0", comment="How often a worker took it up; who holds a lower number lost it."
    )
    stalls: Mapped[int] = mapped_column(
        server_default="0", comment="How many workers in a row died or failed over it at the same step."
    )
    dead: Mapped[bool] = mapped_column(
        server_default="false", comment="Whether it was given up because workers died or failed over it."
    )
