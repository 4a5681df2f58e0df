from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import mapped_column

from ecoctrl_gql.db.base import INTERNAL, SECRET, Base, Mapped, closed_set, created_at
from ecoctrl_gql.db.enums import OAuthProvider, TicketPurpose


class OAuthTicketRow(Base):
    """A one-time code that a page exchanges for what a login with an external account came to."""

    __tablename__ = "oauth_tickets"
    __table_args__ = (INTERNAL,)

    code_hash: Mapped[str] = mapped_column(
        String(64), primary_key=True, info=SECRET, comment="sha256 of the code, in hexadecimal; secret."
    )
    purpose: Mapped[TicketPurpose] = mapped_column(
        closed_set(TicketPurpose, 20), comment="What the code is good for."
    )
    verifier_hash: Mapped[str | None] = mapped_column(
        String(64),
        info=SECRET,
        comment="sha256 of the verifier that is needed along with it; secret. Null where none is.",
    )
    provider: Mapped[OAuthProvider] = mapped_column(
        closed_set(OAuthProvider, 50), comment="Whose account it is about."
    )
    user_id: Mapped[str | None] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"),
        index=True,
        comment="Whom the account belongs to, or who links it; null for one that nobody has linked yet.",
    )
    sealed_identity: Mapped[str] = mapped_column(
        Text, info=SECRET, comment="The external account with its tokens, encrypted; secret."
    )
    expires_at: Mapped[datetime] = mapped_column(index=True, comment="When it is good for nothing any more.")
    created_at: Mapped[datetime] = created_at("When it was made.")
