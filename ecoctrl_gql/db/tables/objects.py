from datetime import datetime

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import mapped_column

from ecoctrl_gql.db.base import JSON, Base, Mapped, created_at, uuid_key
from ecoctrl_gql.db.point_values import PUBLISHED_POINT_VALUES
from ecoctrl_gql.db.triggers import triggers


class IotObjectRow(Base):
    """A physical device or data point that the IoT gateway knows."""

    __tablename__ = "objects"
    __table_args__ = (
        Index("ix_objects_name_id", "name", "id"),
        Index("ix_objects_type_name_id", "type", "name", "id"),
        triggers(*PUBLISHED_POINT_VALUES),
    )

    id: Mapped[str] = uuid_key()
    code: Mapped[str] = mapped_column(String(255), unique=True, comment="The gateway's identifier; unique.")
    name: Mapped[str] = mapped_column(String(255), comment="Its name, for people.")
    type: Mapped[str] = mapped_column(String(100), comment="What kind of object it is.")
    description: Mapped[str | None] = mapped_column(Text, comment="Where it is and what it does.")
    metadata_: Mapped[JSON] = mapped_column(
        "metadata", server_default="{}", comment="Further properties that the gateway gives."
    )
    created_at: Mapped[datetime] = created_at("When it was recorded.")
