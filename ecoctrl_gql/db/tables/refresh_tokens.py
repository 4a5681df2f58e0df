from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, func
from sqlalchemy.orm import mapped_column

from ecoctrl_gql.db.base import SECRET, Base, Mapped, created_at, uuid_key


class RefreshTokenRow(Base):
    """A session: the right of one device to stay logged in."""

    __tablename__ = "refresh_tokens"
    __table_args__ = (Index("ix_refresh_tokens_user_id_created_at", "user_id", "created_at"),)

    id: Mapped[str] = uuid_key()
    user_id: Mapped[str] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), index=True, comment="The user who is logged in."
    )
    token_hash: Mapped[str] = mapped_column(
        String(255), unique=True, info=SECRET, comment="sha256 of the refresh token, in hexadecimal; secret."
    )
    expires_at: Mapped[datetime] = mapped_column(
        index=True,
        comment="When the session ends unless it is refreshed: 7 days after the token was issued, or earlier"
        " by the platform's sessionTimeout.",
    )
    created_at: Mapped[datetime] = created_at("When the session began: the login.")
    last_used_at: Mapped[datetime] = mapped_column(
        server_default=func.now(), comment="When the session was last refreshed, at first when it began."
    )
    device: Mapped[str | None] = mapped_column(
        String(500), comment="What the device says that it is: the user agent of the login."
    )
    address: Mapped[str | None] = mapped_column(
        String(64), comment="The network address that the session was last refreshed from."
    )
