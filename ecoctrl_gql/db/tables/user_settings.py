from datetime import datetime

from sqlalchemy import ForeignKey, func
from sqlalchemy.orm import mapped_column

from ecoctrl_gql.db.base import JSON, Base, Mapped


class UserSettingsRow(Base):
    """How one user has arranged the dashboard."""

    __tablename__ = "user_settings"

    user_id: Mapped[str] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"),
        primary_key=True,
        comment="The user whose settings these are.",
    )
    settings: Mapped[JSON] = mapped_column(
        server_default="{}",
        comment="The settings by name: layout of the widgets, camera, refresh interval and others.",
    )
    updated_at: Mapped[datetime] = mapped_column(
        server_default=func.now(), onupdate=func.now(), comment="When they last changed."
    )
