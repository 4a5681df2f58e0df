from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import mapped_column

from ecoctrl_gql.db.base import INTERNAL, SECRET, Base, Mapped, closed_set, created_at
from ecoctrl_gql.db.enums import OAuthProvider


class OAuthStateRow(Base):
    """A login with an external account that was begun in a browser, until the provider sends it back."""

    __tablename__ = "oauth_states"
    __table_args__ = (INTERNAL,)

    state_hash: Mapped[str] = mapped_column(
        String(64), primary_key=True, info=SECRET, comment="sha256 of the state, in hexadecimal; secret."
    )
    verifier_hash: Mapped[str] = mapped_column(
        String(64), info=SECRET, comment="sha256 of the verifier that the page which began has kept; secret."
    )
    browser_hash: Mapped[str | None] = mapped_column(
        String(64),
        info=SECRET,
        comment="sha256 of the cookie of the browser that was sent to the provider; secret. Null before.",
    )
    provider: Mapped[OAuthProvider] = mapped_column(
        closed_set(OAuthProvider, 50), comment="Where the browser was sent."
    )
    return_to: Mapped[str] = mapped_column(String(1000), comment="The page that the browser ends at.")
    user_id: Mapped[str | None] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"),
        index=True,
        comment="The user who links the account; null for a login.",
    )
    expires_at: Mapped[datetime] = mapped_column(index=True, comment="When it is too late to come back.")
    created_at: Mapped[datetime] = created_at("When it was begun.")
