"""The envelope of a document: everything but what the kinds of nodes and triggers say of their configs."""

from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import Field

from ecoctrl_gql.workflows.dsl.fields import Count, Label, Scalar, Shape

VERSION = "1.0"

ShortText = Annotated[str, Field(min_length=1, max_length=255)]


class ConcurrencyPolicy(StrEnum):
    """What becomes of a run that begins while others of its workflow are active."""

    ALLOW = "allow"
    QUEUE = "queue"
    SKIP = "skip"
    REPLACE = "replace"


class OnError(Shape):
    """What happens when a node fails."""

    action: Annotated[Literal["retry", "skip", "abort", "goto"], Field(description="What is done.")]
    retry_count: Annotated[Count | None, Field(description="retry: how often, at most.")] = None
    retry_delay_ms: Annotated[
        Count | None, Field(description="retry: how long to wait before each, in milliseconds.")
    ] = None
    retry_backoff: Annotated[
        float | None,
        Field(ge=1, le=10, description="retry: how many times longer each wait is than the last; 1."),
    ] = None
    retry_jitter: Annotated[
        float | None,
        Field(ge=0, le=1, description="retry: which part of a wait is left to chance, from 0 to 1; 0."),
    ] = None
    goto_node_id: Annotated[str | None, Field(description="goto: the node to go on with.")] = None


class Position(Shape):
    """Where an editor shows a node."""

    x: Annotated[float, Field(description="To the right.")]
    y: Annotated[float, Field(description="Downwards.")]


class NodeShape(Shape):
    """A node, whatever its kind."""

    id: Annotated[ShortText, Field(description="Its id, unique in its graph.")]
    type: Annotated[str, Field(description="Its kind; underscores and hyphens mean the same.")]
    name: Annotated[str | None, Field(description="Its name, for people.")] = None
    config: Annotated[dict[str, Any] | None, Field(description="What its kind needs to know.")] = None
    on_error: Annotated[OnError | None, Field(description="What happens when it fails; it ends the run.")] = (
        None
    )
    timeout_ms: Annotated[
        Count | None, Field(description="After how many milliseconds an attempt of it counts as failed.")
    ] = None
    position: Annotated[Position | None, Field(description="Where an editor shows it.")] = None


class EdgeShape(Shape):
    """An edge: after its source comes its target."""

    id: Annotated[ShortText | None, Field(description="Its id, unique in its graph.")] = None
    source: Annotated[str, Field(description="The id of the node it begins at.")]
    target: Annotated[str, Field(description="The id of the node it ends at.")]
    label: Annotated[
        Label | None,
        Field(description="The branch that it stands for: true, false, a case's value or default."),
    ] = None
    source_handle: Annotated[str | None, Field(description="Where an editor attaches its begin.")] = None
    target_handle: Annotated[str | None, Field(description="Where an editor attaches its end.")] = None


class GraphShape(Shape):
    """Nodes and the edges between them."""

    nodes: Annotated[list[Any], Field(description="The nodes.")]
    edges: Annotated[list[Any], Field(default_factory=list, description="The edges.")]


class TriggerShape(Shape):
    """What starts the workflow."""

    type: Annotated[str, Field(description="Its kind; underscores and hyphens mean the same.")]
    config: Annotated[dict[str, Any] | None, Field(description="What its kind needs to know.")] = None


class EnvVar(Shape):
    """A value that templates read as var.KEY, or a secret that they read as secret.KEY."""

    key: Annotated[ShortText, Field(description="Its name.")]
    value: Annotated[Scalar | None, Field(description="Its value.")] = None
    type: Annotated[
        Literal["string", "number", "secret", "boolean"], Field(description="What kind of value it is.")
    ] = "string"
    description: Annotated[str | None, Field(description="What it is for.")] = None


class AutoSave(Shape):
    """When an editor saves by itself."""

    enabled: Annotated[bool | None, Field(description="Whether it does.")] = None
    interval_seconds: Annotated[float | None, Field(description="How often, in seconds.")] = None


class Concurrency(Shape):
    """How many runs may go on at the same time."""

    policy: Annotated[
        Literal["allow", "queue", "skip", "replace"],
        Field(
            description="What becomes of one run more: it goes on with the others, waits for its turn, "
            "does not begin, or stops the oldest."
        ),
    ]
    limit: Annotated[
        Count | None, Field(ge=1, description="queue, skip, replace: how many go on at a time; 1 by default.")
    ] = None


class Settings(Shape):
    """Settings of the whole document."""

    concurrency: Annotated[
        Concurrency | None, Field(description="How many runs may go on at the same time; any number.")
    ] = None
    timeout_ms: Annotated[
        Count | None, Field(description="After how many milliseconds a run is ended as failed; never.")
    ] = None

    auto_save: Annotated[AutoSave | None, Field(description="When an editor saves by itself.")] = None

    @property
    def policy(self) -> ConcurrencyPolicy:
        """What becomes of one run more."""
        return ConcurrencyPolicy(self.concurrency.policy) if self.concurrency else ConcurrencyPolicy.ALLOW

    @property
    def limit(self) -> int:
        """How many runs go on at a time, where that is limited."""
        return (self.concurrency and self.concurrency.limit) or 1

    @property
    def timeout(self) -> timedelta | None:
        """How long a run may take, waits included; None for any time."""
        return None if self.timeout_ms is None else timedelta(milliseconds=self.timeout_ms)


class DocumentShape(GraphShape):
    """A workflow: what starts it, and the steps it takes."""

    version: Annotated[Literal["1.0"] | None, Field(description="The version of the language.")] = None
    trigger: Annotated[
        TriggerShape | None,
        Field(description="What starts it; without one, the nodes that are triggers do."),
    ] = None
    env_vars: Annotated[list[EnvVar] | None, Field(description="Its own values and secrets.")] = None
    settings: Annotated[Settings | None, Field(description="Its settings.")] = None
