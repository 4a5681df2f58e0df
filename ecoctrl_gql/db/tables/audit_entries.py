from datetime import datetime

from sqlalchemy import Index, String, Uuid
from sqlalchemy.orm import mapped_column

from ecoctrl_gql.db.base import JSON, Base, Mapped, created_at, serial_key
from ecoctrl_gql.db.triggers import APPEND_ONLY, triggers


class AuditEntryRow(Base):
    """
    Who did what to which thing, when and from where.

    Entries are never changed or deleted; the database refuses it.
    """

    __tablename__ = "audit_entries"
    __table_args__ = (
        Index("ix_audit_entries_created_at_id", "created_at", "id"),
        Index("ix_audit_entries_actor_id_created_at", "actor_id", "created_at"),
        Index("ix_audit_entries_node_id_created_at", "node_id", "created_at"),
        Index("ix_audit_entries_action_created_at", "action", "created_at"),
        triggers(APPEND_ONLY),
    )

    id: Mapped[int] = serial_key()
    actor_id: Mapped[str | None] = mapped_column(
        Uuid(as_uuid=False),
        comment="The key of the user who did it, who may have been deleted since; null for the system.",
    )
    actor_name: Mapped[str | None] = mapped_column(
        String(255), comment="The user's name at that time; null for the system."
    )
    api_key_id: Mapped[str | None] = mapped_column(
        Uuid(as_uuid=False), comment="The API key that was used; null for a person."
    )
    action: Mapped[str] = mapped_column(
        String(100), comment="What was done, such as user.role_changed or session.replayed."
    )
    node_id: Mapped[str | None] = mapped_column(String(255), comment="The global id of what it was done to.")
    address: Mapped[str | None] = mapped_column(
        String(64), comment="The network address that the request came from."
    )
    request_id: Mapped[str | None] = mapped_column(
        String(128), comment="The request that did it, as it stands in the log."
    )
    details: Mapped[JSON] = mapped_column(
        server_default="{}", comment="What changed, from what to what; without secrets."
    )
    created_at: Mapped[datetime] = created_at("When it was done.")
