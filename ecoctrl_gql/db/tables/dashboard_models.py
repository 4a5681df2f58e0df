from datetime import datetime

from sqlalchemy import REAL, CheckConstraint, String, func
from sqlalchemy.orm import mapped_column

from ecoctrl_gql.db.base import JSON, Base, Mapped, serial_key, single_row


class DashboardModelRow(Base):
    """The 3D scene that the portal shows; there is one at most."""

    __tablename__ = "dashboard_models"
    __table_args__ = (
        single_row("dashboard_models"),
        CheckConstraint("ambient_light_intensity BETWEEN 0 AND 1", name="ambient_light_intensity"),
    )

    id: Mapped[int] = serial_key()
    model_file_url: Mapped[str | None] = mapped_column(String(512), comment="Where the glTF or GLB model is.")
    camera_preset: Mapped[str] = mapped_column(
        String(100), server_default="Default_View_01", comment="The camera angle, by name."
    )
    ambient_light_intensity: Mapped[float] = mapped_column(
        REAL, server_default="0.85", comment="Brightness of the ambient light, 0–1."
    )
    hotspots: Mapped[JSON] = mapped_column(
        server_default="[]", comment="Places to click: a list of {x, y, z, label}."
    )
    labels: Mapped[JSON] = mapped_column(
        server_default="[]", comment="Texts in the scene: a list of {position, text}."
    )
    updated_at: Mapped[datetime] = mapped_column(
        server_default=func.now(), comment="When the scene last changed."
    )
