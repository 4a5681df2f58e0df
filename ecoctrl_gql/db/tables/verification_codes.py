from datetime import datetime

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import mapped_column

from ecoctrl_gql.db.base import INTERNAL, SECRET, Base, Mapped, closed_set, created_at, uuid_key
from ecoctrl_gql.db.enums import CodePurpose


class VerificationCodeRow(Base):
    """A six-digit code that was sent by mail, to prove that an address is one's own."""

    __tablename__ = "verification_codes"
    __table_args__ = (UniqueConstraint("purpose", "email"), INTERNAL)

    id: Mapped[str] = uuid_key()
    purpose: Mapped[CodePurpose] = mapped_column(
        closed_set(CodePurpose, 20), comment="What the code is good for."
    )
    email: Mapped[str] = mapped_column(String(255), comment="The address it was sent to, in lower case.")
    code_hash: Mapped[str] = mapped_column(
        String(64), info=SECRET, comment="Keyed hash of the code, in hexadecimal; secret."
    )
    tries: Mapped[int] = mapped_column(server_default="0", comment="How often a wrong code was given.")
    expires_at: Mapped[datetime] = mapped_column(index=True, comment="When it is good for nothing any more.")
    created_at: Mapped[datetime] = created_at("When it was sent.")
