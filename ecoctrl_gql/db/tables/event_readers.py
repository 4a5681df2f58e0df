from sqlalchemy import String, Text
from sqlalchemy.orm import mapped_column

from ecoctrl_gql.db.base import INTERNAL, Base, Mapped


class EventReaderRow(Base):
    """How far a part of the product that must miss no event has read the events."""

    __tablename__ = "event_readers"
    __table_args__ = (INTERNAL,)

    name: Mapped[str] = mapped_column(String(63), primary_key=True, comment="Who reads.")
    cursor: Mapped[str] = mapped_column(Text, comment="The place behind the last event that was dealt with.")
