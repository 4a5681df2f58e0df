from datetime import datetime

from sqlalchemy import BigInteger, Index, String, func, text
from sqlalchemy.orm import mapped_column

from ecoctrl_gql.db.base import JSON, Base, Mapped, closed_set
from ecoctrl_gql.db.enums import EventChange
from ecoctrl_gql.db.publishing import CHAIN
from ecoctrl_gql.db.triggers import REFUSE_CHANGES, Trigger, TriggerFunction, triggers

KEPT = Trigger("keep_events", "BEFORE UPDATE OR TRUNCATE", REFUSE_CHANGES)

REMOVED = Trigger(
    "note_removed_events",
    "AFTER DELETE",
    TriggerFunction(
        "note_removed_events",
        """
BEGIN
  INSERT INTO event_trims (event_id, transaction_id)
  SELECT max(id), max(transaction_id) FROM old_rows HAVING count(*) > 0
  ON CONFLICT ((true)) DO UPDATE SET
    event_id = greatest(event_trims.event_id, excluded.event_id),
    transaction_id = greatest(event_trims.transaction_id, excluded.transaction_id);
  RETURN NULL;
END
""",
    ),
    "OLD TABLE AS old_rows",
)
"""Whoever removes events, those who come back for them are told that they are gone."""


class EventRow(Base):
    """A change of a row, kept for those who follow such changes until it is too old."""

    __tablename__ = "events"
    __table_args__ = (
        Index("ix_events_transaction_id_id", "transaction_id", "id"),
        Index("ix_events_created_at", "created_at"),
        triggers(KEPT, REMOVED),
    )

    id: Mapped[int] = mapped_column(
        BigInteger,
        primary_key=True,
        comment="The table's own key, in the order in which events were written.",
    )
    transaction_id: Mapped[int] = mapped_column(
        BigInteger,
        server_default=text("pg_current_xact_id()::text::bigint"),
        comment="The transaction that wrote it, by PostgreSQL's 64-bit number.",
    )
    subject: Mapped[str] = mapped_column(
        String(63), comment="The table whose row was changed, or point_values for a value of an object."
    )
    change: Mapped[EventChange] = mapped_column(closed_set(EventChange, 10), comment="What happened to it.")
    data: Mapped[JSON] = mapped_column(
        comment="The row: as it was before a deletion, else as it was then; or a value before and after."
    )
    created_at: Mapped[datetime] = mapped_column(
        server_default=func.clock_timestamp(), comment="When it was written."
    )
    chain: Mapped[int | None] = mapped_column(
        server_default=text(f"nullif(current_setting('{CHAIN}', true), '')::integer"),
        comment="How many runs of workflows led to it, one by the events of the other; null for none.",
    )
