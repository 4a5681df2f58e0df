from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import mapped_column

from ecoctrl_gql.db.base import JSON, Base, Mapped, closed_set, created_at, uuid_key
from ecoctrl_gql.db.enums import WidgetDataType


class DashboardWidgetRow(Base):
    """A card on the dashboard's grid of 16 columns."""

    __tablename__ = "dashboard_widgets"
    __table_args__ = (Index("ix_dashboard_widgets_sort_order_id", "sort_order", "id"),)

    id: Mapped[str] = uuid_key()
    metric_key: Mapped[str] = mapped_column(
        String(50), unique=True, comment="What it shows, as a unique name."
    )
    icon: Mapped[str] = mapped_column(String(50), server_default="", comment="The name of its icon.")
    layout_x: Mapped[int] = mapped_column(comment="Its first column on the grid, from 1.")
    layout_y: Mapped[int] = mapped_column(comment="Its first row on the grid, from 1.")
    layout_w: Mapped[int] = mapped_column(comment="Its width, in columns.")
    layout_h: Mapped[int] = mapped_column(comment="Its height, in rows.")
    data_type: Mapped[WidgetDataType] = mapped_column(
        closed_set(WidgetDataType, 20), comment="What kind of card it is."
    )
    data_json: Mapped[JSON] = mapped_column(
        server_default="{}", comment="How to draw it, and its first data."
    )
    enabled: Mapped[bool] = mapped_column(server_default="true", comment="Whether the dashboard offers it.")
    hidden: Mapped[bool] = mapped_column(
        server_default="false", comment="Whether it is hidden until a user shows it."
    )
    sort_order: Mapped[int] = mapped_column(
        server_default="0", comment="Its place in the list, smallest first."
    )
    created_at: Mapped[datetime] = created_at("When it was made.")
