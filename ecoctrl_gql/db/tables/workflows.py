from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, func
from sqlalchemy.orm import mapped_column

from ecoctrl_gql.db.base import JSON, Base, Mapped, created_at, index_of_given, uuid_key
from ecoctrl_gql.db.triggers import Trigger, TriggerFunction, triggers

NUMBERED = Trigger(
    "number_version",
    "BEFORE UPDATE",
    TriggerFunction(
        "number_workflow_version",
        """
BEGIN
  NEW.version = OLD.version + CASE WHEN NEW.dsl IS DISTINCT FROM OLD.dsl THEN 1 ELSE 0 END;
  RETURN NEW;
END
""",
    ),
    each="ROW",
)
"""A definition that changes is another version, whoever changes it and in whatever program."""

_KEEP_VERSIONS = TriggerFunction(
    "keep_workflow_versions",
    """
BEGIN
  INSERT INTO workflow_versions (workflow_id, version, dsl, published_by)
  SELECT id, version, dsl, published_by FROM new_rows
  ON CONFLICT (workflow_id, version) DO NOTHING;
  PERFORM pg_notify('ecoctrl_workflows', '');
  RETURN NULL;
END
""",
)

KEPT = (
    Trigger("keep_new_versions", "AFTER INSERT", _KEEP_VERSIONS, "NEW TABLE AS new_rows"),
    Trigger("keep_versions", "AFTER UPDATE", _KEEP_VERSIONS, "NEW TABLE AS new_rows"),
)
"""Write `WorkflowVersionRow`, and wake those who arm triggers."""


class WorkflowRow(Base):
    """An automation: what starts it, and the steps it takes."""

    __tablename__ = "workflows"
    __table_args__ = (
        Index("ix_workflows_updated_at_id", "updated_at", "id"),
        Index("ix_workflows_name_id", "name", "id"),
        index_of_given("workflows", "published_by"),
        triggers(NUMBERED, *KEPT),
    )

    id: Mapped[str] = uuid_key()
    user_id: Mapped[str | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL"), index=True, comment="The user who made it."
    )
    name: Mapped[str] = mapped_column(String(255), comment="Its name, for people.")
    slug: Mapped[str] = mapped_column(
        String(128),
        unique=True,
        server_default=func.gen_random_uuid().cast(String),
        comment="Its name in addresses such as its webhook's; unique.",
    )
    description: Mapped[str | None] = mapped_column(Text, comment="What it is for.")
    dsl: Mapped[JSON] = mapped_column(comment="The published definition: trigger, nodes and edges.")
    version: Mapped[int] = mapped_column(
        server_default="1", comment="How often the definition was published."
    )
    enabled: Mapped[bool] = mapped_column(server_default="true", comment="Whether its triggers are armed.")
    created_at: Mapped[datetime] = created_at("When it was made.")
    updated_at: Mapped[datetime] = mapped_column(
        server_default=func.now(), onupdate=func.now(), comment="When it last changed."
    )
    draft: Mapped[JSON | None] = mapped_column(
        comment="A definition that is being worked on; null where there is none beside the published one."
    )
    published_by: Mapped[str | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL"),
        comment="The user who published the definition; null for other programs.",
    )
    armed_version: Mapped[int | None] = mapped_column(
        comment="The version whose triggers are armed; null for none."
    )
