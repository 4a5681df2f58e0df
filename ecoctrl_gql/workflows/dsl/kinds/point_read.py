"""Reads points of the gateway."""

from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import Field

from ecoctrl_gql.workflows.dsl.fields import Count, NodeConfig, Scalar, Texts
from ecoctrl_gql.workflows.dsl.problems import Finding, Rule
from ecoctrl_gql.workflows.dsl.registry import NodeKind, Output
from ecoctrl_gql.workflows.dsl.rules import above_limit

MAX_RETRIES = 5


class PointReadConfig(NodeConfig):
    """Which points, now or in the past."""

    point_names: Annotated[Texts | None, Field(description="The ids of the points.")] = None
    point_name: Annotated[Texts | None, Field(description="The same in older documents.")] = None
    mode: Annotated[
        Literal["current", "history"] | None, Field(description="The values now, or of the past; current.")
    ] = None
    begin_time: Annotated[Scalar | None, Field(description="history: from when on.")] = None
    end_time: Annotated[Scalar | None, Field(description="history: until when.")] = None
    interval: Annotated[
        Scalar | None, Field(description="history: the distance of values, for the gateway.")
    ] = None
    retry: Annotated[Count | None, Field(description="How often to try again on failure; 5 at most.")] = None


def check_point_read(config: PointReadConfig) -> Iterable[Finding]:
    if not config.point_names and not config.point_name:
        yield Finding(("pointNames",), Rule.REQUIRED, "No points are named.")
    if config.mode == "history":
        for key, value in (("beginTime", config.begin_time), ("endTime", config.end_time)):
            if value in (None, ""):
                yield Finding((key,), Rule.REQUIRED, f"Reading the past needs {key}.")
    yield from above_limit("retry", config.retry, MAX_RETRIES)


POINT_READ = NodeKind(
    "point_read",
    PointReadConfig,
    "Reads points of the gateway.",
    outputs=(
        Output("ResultPointObjArr", "The points as the gateway tells them, as a list."),
        Output("code", "The gateway's status; 200 is good."),
        Output("values", "current: the values by point."),
    ),
    check=check_point_read,
)
