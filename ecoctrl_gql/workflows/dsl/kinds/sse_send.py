"""Tells something to the browsers that are open."""

from collections.abc import Iterable
from typing import Annotated, Any, Literal

from pydantic import Field

from ecoctrl_gql.workflows.dsl.fields import NodeConfig, Scalar
from ecoctrl_gql.workflows.dsl.problems import Finding, Rule
from ecoctrl_gql.workflows.dsl.registry import Effect, NodeKind, Output


class SseSendConfig(NodeConfig):
    """What is told to whom."""

    event_type: Annotated[str | None, Field(description="The kind of event; update:widgets by default.")] = (
        None
    )
    payload: Annotated[Any, Field(description="What is told: a value, or JSON as text.")] = None
    target_mode: Annotated[
        Literal["broadcast", "trigger", "user"] | None,
        Field(description="To all, to whoever started the run, or to one user; broadcast by default."),
    ] = None
    target_user_id: Annotated[str | None, Field(description="user: the user's id.")] = None
    event_id: Annotated[
        Scalar | None, Field(description="The event's id; the time in milliseconds by default.")
    ] = None


def check_sse_send(config: SseSendConfig) -> Iterable[Finding]:
    if config.target_mode == "user" and not config.target_user_id:
        yield Finding(("targetUserId",), Rule.REQUIRED, "Telling one user needs targetUserId.")


SSE_SEND = NodeKind(
    "sse_send",
    SseSendConfig,
    "Tells something to the browsers that are open.",
    outputs=(
        Output("sent", "Whether it was told."),
        Output("type", "The kind of event."),
        Output("target", "To whom: broadcast, trigger or user."),
        Output("targetUserId", "The user, if it was told to one."),
        Output("eventId", "The event's id."),
        Output("payload", "What was told."),
    ),
    effect=Effect.DATABASE,
    check=check_sse_send,
)
