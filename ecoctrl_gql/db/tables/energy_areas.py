from sqlalchemy import REAL, String
from sqlalchemy.orm import mapped_column

from ecoctrl_gql.db.base import Base, Mapped, serial_key


class EnergyAreaRow(Base):
    """A part of the site whose consumption is watched: a building, a plant room, the chargers."""

    __tablename__ = "energy_areas"

    id: Mapped[int] = serial_key()
    title: Mapped[str] = mapped_column(String(255), unique=True, comment="Its name; unique.")
    current: Mapped[int] = mapped_column(comment="Consumption of the current month so far, in kWh.")
    target: Mapped[int] = mapped_column(comment="Target of the current month, in kWh.")
    color: Mapped[str] = mapped_column(String(100), comment="The CSS class or colour that it is drawn in.")
    power_factor: Mapped[float] = mapped_column(REAL, comment="Power factor (cos φ), 0–1.")
    load_rate: Mapped[str] = mapped_column(
        String(20), comment="Load as a share of the rated power, in percent, as text such as 72%."
    )
