from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, String, Text, UniqueConstraint, func
from sqlalchemy.orm import mapped_column

from ecoctrl_gql.db.base import INTERNAL, JSON, SECRET, Base, Mapped, closed_set
from ecoctrl_gql.db.enums import StepStatus


class WorkflowStepRow(Base):
    """
    The journal of a run: what each attempt of a node came to, from which the run goes on wherever it was cut.

    The API shows it as the run's node logs.
    """

    __tablename__ = "workflow_steps"
    __table_args__ = (UniqueConstraint("execution_id", "path", "attempt"), INTERNAL)

    id: Mapped[int] = mapped_column(
        BigInteger, primary_key=True, comment="The table's own key, in the order of the steps."
    )
    execution_id: Mapped[str] = mapped_column(
        ForeignKey("workflow_executions.id", ondelete="CASCADE"), comment="The run."
    )
    path: Mapped[str] = mapped_column(
        Text, comment="Which node in which pass of which loop or branch, such as each/3/mail."
    )
    attempt: Mapped[int] = mapped_column(server_default="1", comment="Which attempt it is, from 1.")
    node_id: Mapped[str] = mapped_column(String(255), comment="The node's id in the definition.")
    node_name: Mapped[str | None] = mapped_column(Text, comment="The node's name.")
    node_type: Mapped[str] = mapped_column(String(255), comment="The node's type.")
    status: Mapped[StepStatus] = mapped_column(closed_set(StepStatus, 20), comment="Where it stands.")
    started_at: Mapped[datetime] = mapped_column(server_default=func.now(), comment="When it began.")
    completed_at: Mapped[datetime | None] = mapped_column(comment="When it ended.")
    due_at: Mapped[datetime | None] = mapped_column(comment="Until when it waits.")
    input: Mapped[JSON | None] = mapped_column(comment="What it was given, without secrets, cut.")
    output: Mapped[JSON | None] = mapped_column(comment="What it gave, without secrets, cut.")
    outcome: Mapped[JSON | None] = mapped_column(
        info=SECRET, comment="What it gave, where output does not hold all of it; secret."
    )
    error: Mapped[str | None] = mapped_column(Text, comment="Why it failed.")
