from datetime import datetime

from sqlalchemy import REAL, Index, String
from sqlalchemy.orm import mapped_column

from ecoctrl_gql.db.base import Base, Mapped, created_at, uuid_key


class CarbonFactorRow(Base):
    """How much greenhouse gas a unit of something emits."""

    __tablename__ = "carbon_factors"
    __table_args__ = (
        Index("ix_carbon_factors_name_id", "name", "id"),
        Index("ix_carbon_factors_value_id", "value", "id"),
        Index("ix_carbon_factors_category_name_id", "category", "name", "id"),
    )

    id: Mapped[str] = uuid_key()
    name: Mapped[str] = mapped_column(String(255), comment="What emits, and where.")
    value: Mapped[float] = mapped_column(REAL, comment="Emissions per unit, in kg CO₂e.")
    unit: Mapped[str] = mapped_column(
        String(50), comment="The unit that the value is per, such as kWh or m³."
    )
    category: Mapped[str] = mapped_column(String(255), comment="The group it belongs to.")
    source: Mapped[str | None] = mapped_column(
        String(500), comment="Who published the value, where and when."
    )
    created_at: Mapped[datetime] = created_at("When it was recorded.")
