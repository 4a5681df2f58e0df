from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, func
from sqlalchemy.orm import mapped_column

from ecoctrl_gql.db.base import JSON, Base, Mapped, created_at, uuid_key


class WorkflowRow(Base):
    """An automation: what starts it, and the steps it takes."""

    __tablename__ = "workflows"
    __table_args__ = (
        Index("ix_workflows_updated_at_id", "updated_at", "id"),
        Index("ix_workflows_name_id", "name", "id"),
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
    dsl: Mapped[JSON] = mapped_column(comment="The definition: trigger, nodes and edges, version 1.0.")
    version: Mapped[int] = mapped_column(
        server_default="1", comment="How often the definition was published."
    )
    enabled: Mapped[bool] = mapped_column(server_default="true", comment="Whether its trigger is armed.")
    created_at: Mapped[datetime] = created_at("When it was made.")
    updated_at: Mapped[datetime] = mapped_column(
        server_default=func.now(), onupdate=func.now(), comment="When it last changed."
    )
