from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import mapped_column

from ecoctrl_gql.db.base import Base, Mapped, uuid_key


class CarbonFactorNodeRow(Base):
    """A node of the tree that files the carbon factors; a root has no parent."""

    __tablename__ = "carbon_factor_nodes"
    __table_args__ = (
        Index("ix_carbon_factor_nodes_parent_id_sort_order_id", "parent_id", "sort_order", "id"),
        Index("ix_carbon_factor_nodes_sort_order_id", "sort_order", "id"),
        Index("ix_carbon_factor_nodes_name_id", "name", "id"),
    )

    id: Mapped[str] = uuid_key()
    parent_id: Mapped[str | None] = mapped_column(
        ForeignKey("carbon_factor_nodes.id", ondelete="CASCADE"), comment="The node above; null for a root."
    )
    factor_id: Mapped[str | None] = mapped_column(
        ForeignKey("carbon_factors.id", ondelete="SET NULL"),
        index=True,
        comment="The factor that is filed here; null for a node that only groups others.",
    )
    name: Mapped[str] = mapped_column(String(255), comment="Its label.")
    sort_order: Mapped[int] = mapped_column(
        server_default="0", comment="Its place among its siblings, smallest first."
    )
