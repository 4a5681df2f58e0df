from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import mapped_column

from ecoctrl_gql.db.base import INTERNAL, SECRET, Base, Mapped, created_at


class SpentRefreshTokenRow(Base):
    """A refresh token that was used: whoever uses it again may have stolen it."""

    __tablename__ = "spent_refresh_tokens"
    __table_args__ = (INTERNAL,)

    token_hash: Mapped[str] = mapped_column(
        String(64), primary_key=True, info=SECRET, comment="sha256 of the token, in hexadecimal; secret."
    )
    session_id: Mapped[str] = mapped_column(
        ForeignKey("refresh_tokens.id", ondelete="CASCADE"), index=True, comment="The session it belonged to."
    )
    sealed_successor: Mapped[str | None] = mapped_column(
        String(64),
        info=SECRET,
        comment="The token that took its place, which only the spent token itself can open; secret. Null once"
        " the spent token may not be used again.",
    )
    spent_at: Mapped[datetime] = created_at("When it was used.")
