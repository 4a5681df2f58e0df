from datetime import datetime

from sqlalchemy import String, func
from sqlalchemy.dialects.postgresql import DOUBLE_PRECISION
from sqlalchemy.orm import mapped_column

from ecoctrl_gql.db.base import INTERNAL, Base, Mapped


class RateLimitRow(Base):
    """How much of a limit is left: a bucket from which each attempt takes a token, and which fills again."""

    __tablename__ = "rate_limits"
    __table_args__ = (INTERNAL,)

    key: Mapped[str] = mapped_column(
        String(64), primary_key=True, comment="Hash of what is limited, such as logins of one account."
    )
    tokens: Mapped[float] = mapped_column(
        DOUBLE_PRECISION, comment="The attempts that were left at that time."
    )
    updated_at: Mapped[datetime] = mapped_column(
        server_default=func.now(), index=True, comment="The time of the last attempt."
    )
