"""Waits."""

from collections.abc import Iterable
from typing import Annotated

from pydantic import Field

from ecoctrl_gql.workflows.dsl.fields import Count, NodeConfig
from ecoctrl_gql.workflows.dsl.problems import Finding
from ecoctrl_gql.workflows.dsl.registry import NodeKind, Output
from ecoctrl_gql.workflows.dsl.rules import above_limit

MAX_DELAY_MS = 30 * 24 * 3_600_000
"""30 days."""


class DelayConfig(NodeConfig):
    """How long to wait."""

    duration_ms: Annotated[
        Count | None, Field(description="How long, in milliseconds; not at all by default, 30 days at most.")
    ] = None


def check_delay(config: DelayConfig) -> Iterable[Finding]:
    yield from above_limit("durationMs", config.duration_ms, MAX_DELAY_MS)


DELAY = NodeKind(
    "delay",
    DelayConfig,
    "Waits before it goes on.",
    outputs=(Output("delayedMs", "How long it waited, in milliseconds."),),
    check=check_delay,
)
