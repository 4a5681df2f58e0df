from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import mapped_column

from ecoctrl_gql.db.base import Base, Mapped, created_at, uuid_key


class FileRow(Base):
    """An uploaded file."""

    __tablename__ = "files"
    __table_args__ = (
        Index("ix_files_created_at_id", "created_at", "id"),
        Index("ix_files_name_id", "name", "id"),
    )

    id: Mapped[str] = uuid_key()
    name: Mapped[str] = mapped_column(String(255), comment="Its name.")
    filename: Mapped[str] = mapped_column(
        String(255), server_default="", comment="The name it is stored under."
    )
    mime_type: Mapped[str | None] = mapped_column(String(100), comment="Its media type.")
    size: Mapped[int] = mapped_column(server_default="0", comment="Its size, in bytes.")
    file_url: Mapped[str | None] = mapped_column(String(500), comment="Where it is served.")
    created_at: Mapped[datetime] = created_at("When it was uploaded.")
