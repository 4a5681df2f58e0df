"""Where a run of a graph ends."""

from typing import Annotated, Any

from pydantic import Field

from ecoctrl_gql.workflows.dsl.fields import NodeConfig
from ecoctrl_gql.workflows.dsl.registry import EdgeRule, NodeKind, Output


class EndConfig(NodeConfig):
    """What the graph gives."""

    status: Annotated[str | None, Field(description="A word about how it went; success by default.")] = None
    output: Annotated[Any, Field(description="What it gives; an empty object by default.")] = None


END = NodeKind(
    "end",
    EndConfig,
    "The end of a graph.",
    outputs=(Output("status", "The word about how it went."), Output("output", "What the graph gave.")),
    edges=EdgeRule.NONE,
)
