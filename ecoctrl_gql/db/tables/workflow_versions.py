from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import mapped_column

from ecoctrl_gql.db.base import JSON, Base, Mapped, created_at, index_of_given, uuid_key
from ecoctrl_gql.db.triggers import Trigger, TriggerFunction, triggers

IMMUTABLE = Trigger(
    "keep_as_published",
    "BEFORE UPDATE",
    TriggerFunction(
        "keep_version_as_published",
        """
BEGIN
  IF (NEW.workflow_id, NEW.version, NEW.dsl) IS DISTINCT FROM (OLD.workflow_id, OLD.version, OLD.dsl) THEN
    RAISE EXCEPTION 'A published version of a workflow never changes.' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END
""",
    ),
    each="ROW",
)


class WorkflowVersionRow(Base):
    """A published definition of a workflow, kept as it was."""

    __tablename__ = "workflow_versions"
    __table_args__ = (
        UniqueConstraint("workflow_id", "version"),
        index_of_given("workflow_versions", "published_by"),
        triggers(IMMUTABLE),
    )

    id: Mapped[str] = uuid_key()
    workflow_id: Mapped[str] = mapped_column(
        ForeignKey("workflows.id", ondelete="CASCADE"), comment="The workflow."
    )
    version: Mapped[int] = mapped_column(comment="Its number, from 1.")
    dsl: Mapped[JSON] = mapped_column(comment="The definition: trigger, nodes and edges.")
    published_by: Mapped[str | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL"),
        comment="The user who published it; null for other programs, and when that account is gone.",
    )
    published_at: Mapped[datetime] = created_at("When it was published.")
