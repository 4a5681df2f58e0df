"""Writes a point of the gateway."""

from collections.abc import Iterable
from typing import Annotated

from pydantic import Field

from ecoctrl_gql.workflows.dsl.fields import Count, Flag, NodeConfig, Scalar
from ecoctrl_gql.workflows.dsl.problems import Finding
from ecoctrl_gql.workflows.dsl.registry import Effect, NodeKind, Output
from ecoctrl_gql.workflows.dsl.rules import above_limit

MAX_RETRIES = 5


class PointWriteConfig(NodeConfig):
    """Which point gets which value."""

    point_name: Annotated[str, Field(min_length=1, description="The id of the point.")]
    value: Annotated[Scalar, Field(description="The value.")]
    force: Annotated[Flag | None, Field(description="Whether to overrule what holds the point.")] = None
    retry: Annotated[Count | None, Field(description="How often to try again on failure; 5 at most.")] = None


def check_point_write(config: PointWriteConfig) -> Iterable[Finding]:
    yield from above_limit("retry", config.retry, MAX_RETRIES)


POINT_WRITE = NodeKind(
    "point_write",
    PointWriteConfig,
    "Writes a point of the gateway.",
    outputs=(Output("updated", "Whether the gateway took it."),),
    effect=Effect.OUTSIDE,
    check=check_point_write,
)
