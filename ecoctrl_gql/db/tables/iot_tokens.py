from sqlalchemy import BigInteger, Text
from sqlalchemy.orm import mapped_column

from ecoctrl_gql.db.base import SECRET, Base, Mapped, serial_key, single_row


class IotTokenRow(Base):
    """The token that the IoT gateway has given us; there is one at most."""

    __tablename__ = "iot_tokens"
    __table_args__ = (single_row("iot_tokens"),)

    id: Mapped[int] = serial_key()
    access_token: Mapped[str] = mapped_column(Text, info=SECRET, comment="Issued by the gateway; secret.")
    refresh_token: Mapped[str] = mapped_column(Text, info=SECRET, comment="Issued by the gateway; secret.")
    expires_at: Mapped[int] = mapped_column(
        BigInteger, comment="When the access token expires, in milliseconds since 1970-01-01 UTC."
    )
