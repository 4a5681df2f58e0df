from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import mapped_column

from ecoctrl_gql.db.base import SECRET, Base, Mapped, closed_set, created_at, uuid_key
from ecoctrl_gql.db.enums import OAuthProvider


class OAuthAccountRow(Base):
    """An account at an external provider that a user may log in with."""

    __tablename__ = "oauth_accounts"
    __table_args__ = (UniqueConstraint("provider", "provider_user_id"),)

    id: Mapped[str] = uuid_key()
    user_id: Mapped[str] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), index=True, comment="The user it belongs to."
    )
    provider: Mapped[OAuthProvider] = mapped_column(
        closed_set(OAuthProvider, 50), comment="Whose account it is."
    )
    provider_user_id: Mapped[str] = mapped_column(
        String(255), comment="The provider's stable id of the person."
    )
    open_id: Mapped[str | None] = mapped_column(
        String(255),
        index=True,
        comment="The id that the provider's app alone knows the person by; null where there is none.",
    )
    provider_email: Mapped[str | None] = mapped_column(
        String(255), comment="The address that the provider knows."
    )
    access_token: Mapped[str | None] = mapped_column(
        String(1000),
        info=SECRET,
        comment="Issued by the provider, encrypted; secret. Null where it is too long to be kept.",
    )
    refresh_token: Mapped[str | None] = mapped_column(
        String(1000),
        info=SECRET,
        comment="Issued by the provider, encrypted; secret. Null where there is none, or it is too long.",
    )
    expires_at: Mapped[datetime | None] = mapped_column(comment="When the provider's access token expires.")
    created_at: Mapped[datetime] = created_at("When the account was linked.")
