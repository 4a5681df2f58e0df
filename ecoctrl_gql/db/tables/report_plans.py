from sqlalchemy import Index, String
from sqlalchemy.orm import mapped_column

from ecoctrl_gql.db.base import Base, Mapped, uuid_key


class ReportPlanRow(Base):
    """A report that is made and mailed regularly."""

    __tablename__ = "report_plans"
    __table_args__ = (Index("ix_report_plans_name_id", "name", "id"),)

    id: Mapped[str] = uuid_key()
    name: Mapped[str] = mapped_column(String(255), comment="Its name.")
    receiver: Mapped[str] = mapped_column(String(255), comment="The e-mail address that it goes to.")
    frequency: Mapped[str] = mapped_column(String(100), comment="How often it is made, in words.")
    status: Mapped[bool] = mapped_column(server_default="true", comment="Whether the plan is active.")
