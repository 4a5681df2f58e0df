from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import mapped_column

from ecoctrl_gql.db.base import Base, Mapped, created_at, uuid_key


class ModelRow(Base):
    """An uploaded 3D model."""

    __tablename__ = "models"
    __table_args__ = (
        Index("ix_models_created_at_id", "created_at", "id"),
        Index("ix_models_name_id", "name", "id"),
    )

    id: Mapped[str] = uuid_key()
    name: Mapped[str] = mapped_column(String(255), comment="Its name.")
    version: Mapped[str] = mapped_column(
        String(50), server_default="v1.0", comment="Its version, such as v1.0."
    )
    format: Mapped[str] = mapped_column(String(20), comment="The file's format, such as GLB or GLTF.")
    size: Mapped[str] = mapped_column(
        String(50), comment="The file's size as text with unit, such as 1.2 MB."
    )
    description: Mapped[str | None] = mapped_column(String(500), comment="What it shows.")
    file_url: Mapped[str | None] = mapped_column(
        String(500), comment="Where the file is served: /static/models/<filename>."
    )
    thumbnail_url: Mapped[str | None] = mapped_column(String(500), comment="Where a picture of it is.")
    doc_url: Mapped[str | None] = mapped_column(String(500), comment="Where its documentation is.")
    created_at: Mapped[datetime] = created_at("When it was uploaded.")
