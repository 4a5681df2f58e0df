from sqlalchemy import BigInteger
from sqlalchemy.orm import mapped_column

from ecoctrl_gql.db.base import Base, Mapped, serial_key, single_row


class EventTrimRow(Base):
    """How far events were removed by age; whoever comes back too late is told so."""

    __tablename__ = "event_trims"
    __table_args__ = (single_row("event_trims"),)

    id: Mapped[int] = serial_key()
    event_id: Mapped[int] = mapped_column(BigInteger, comment="The greatest key of a removed event.")
    transaction_id: Mapped[int] = mapped_column(
        BigInteger, comment="The greatest number of a transaction with a removed event."
    )
