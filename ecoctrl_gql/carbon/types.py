from ecoctrl_gql.api.listing import Listing
from ecoctrl_gql.api.node import Node, auto, node_type
from ecoctrl_gql.api.relations import to_many, to_one
from ecoctrl_gql.db.keyset import Order
from ecoctrl_gql.db.tables import CarbonFactorNodeRow, CarbonFactorRow


@node_type(CarbonFactorRow)
class CarbonFactor(Node):
    name: auto
    value: auto
    unit: auto
    category: auto
    source: auto
    created_at: auto
    nodes: list["CarbonFactorNode"] = to_many(
        CarbonFactorNodeRow, "factor_id", "Where the tree files it.", sort=("sort_order",)
    )


@node_type(CarbonFactorNodeRow)
class CarbonFactorNode(Node):
    name: auto
    sort_order: auto
    parent: "CarbonFactorNode | None" = to_one(
        CarbonFactorNodeRow, "parent_id", "The node above; null for a root."
    )
    children: list["CarbonFactorNode"] = to_many(
        CarbonFactorNodeRow, "parent_id", "The nodes below, in display order.", sort=("sort_order",)
    )
    factor: CarbonFactor | None = to_one(
        CarbonFactorRow,
        "factor_id",
        "The factor that is filed here; null for a node that only groups others.",
    )


CARBON_FACTORS = Listing(
    CarbonFactor,
    filters=("id", "name", "value", "unit", "category"),
    orders=("name", "category", "value"),
    default=Order("name"),
)

CARBON_FACTOR_NODES = Listing(
    CarbonFactorNode,
    filters=("id", "name", "parent_id", "factor_id"),
    orders=("sort_order", "name"),
    default=Order("sort_order"),
)
