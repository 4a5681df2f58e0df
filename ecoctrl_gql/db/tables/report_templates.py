from sqlalchemy import String
from sqlalchemy.orm import mapped_column

from ecoctrl_gql.db.base import Base, Mapped, serial_key


class ReportTemplateRow(Base):
    """The form that a report takes."""

    __tablename__ = "report_templates"

    id: Mapped[int] = serial_key()
    name: Mapped[str] = mapped_column(String(255), comment="Its name.")
    count: Mapped[str] = mapped_column(
        String(100), comment="How many reports were made with it, as text such as 48 份."
    )
    icon: Mapped[str] = mapped_column(String(50), comment="Its icon: an emoji or an icon's name.")
