from typing import Annotated, Any

import strawberry
from strawberry import ID, UNSET, Info

from ecoctrl_gql.api.access import VIEWERS
from ecoctrl_gql.api.node import parse_id
from ecoctrl_gql.api.roots import by_id
from ecoctrl_gql.api.selection import selected_columns
from ecoctrl_gql.carbon.tree import TreeItem, in_display_order
from ecoctrl_gql.carbon.types import CARBON_FACTOR_NODES, CARBON_FACTORS, CarbonFactor, CarbonFactorNode
from ecoctrl_gql.db.tables import CarbonFactorNodeRow


@strawberry.type(
    description="A node of the carbon factor tree, and how deep it stands.", directives=[VIEWERS]
)
class CarbonFactorTreeItem:
    depth: int = strawberry.field(description="Number of nodes above it, from the root that was asked for.")
    node: CarbonFactorNode = strawberry.field(description="The node.")


@strawberry.type
class CarbonQuery:
    carbon_factor = by_id(CarbonFactor, "One emission factor.")
    carbon_factors = CARBON_FACTORS.field("Emission factors, by name.")
    carbon_factor_node = by_id(CarbonFactorNode, "One node of the tree that files the factors.")
    carbon_factor_nodes = CARBON_FACTOR_NODES.field("Nodes of the tree that files the factors.")

    @strawberry.field(
        graphql_type=list[CarbonFactorTreeItem],
        description="The whole tree, or all below one node, at any depth: each node before its children.",
    )
    async def carbon_factor_tree(
        self,
        info: Info[Any, Any],
        root_id: Annotated[
            ID | None, strawberry.argument(description="The node to begin at; all roots by default.")
        ] = UNSET,
    ) -> list[TreeItem]:
        root = parse_id(CarbonFactorNodeRow, root_id) if root_id else None
        columns = selected_columns(info, CarbonFactorNode, (("node",),))
        nodes = await info.context.repos.carbon_factor_nodes.all("sort_order", columns | {"parent_id"})
        return list(in_display_order(nodes, root))
