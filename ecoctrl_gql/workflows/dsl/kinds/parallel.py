"""Runs several graphs at the same time."""

from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import Field

from ecoctrl_gql.workflows.dsl.fields import GraphField, NodeConfig
from ecoctrl_gql.workflows.dsl.problems import Finding, Rule, Severity
from ecoctrl_gql.workflows.dsl.registry import NodeKind, Output, SubGraph
from ecoctrl_gql.workflows.dsl.shapes import GraphShape


class ParallelConfig(NodeConfig):
    """What runs at the same time."""

    branches: Annotated[
        list[GraphShape],
        GraphField(),
        Field(default_factory=list, max_length=100, description="The graphs that run at the same time."),
    ]
    failure_policy: Annotated[
        Literal["wait", "fail_fast", "ignore"] | None,
        Field(
            description="What a failed branch means: the node fails when all others have ended, or at "
            "once, or goes on; wait by default."
        ),
    ] = None


def check_parallel(config: ParallelConfig) -> Iterable[Finding]:
    if not config.branches:
        message = "There is no branch to run."
        yield Finding(("branches",), Rule.REQUIRED, message, None, Severity.WARNING)


def branches_of(config: ParallelConfig) -> Iterable[SubGraph]:
    for index, branch in enumerate(config.branches):
        yield SubGraph(("branches", index), branch)


PARALLEL = NodeKind(
    "parallel",
    ParallelConfig,
    "Runs several graphs at the same time and waits for all.",
    outputs=(Output("branches", "What each graph gave, as a list in the order of the branches."),),
    check=check_parallel,
    graphs=branches_of,
)
