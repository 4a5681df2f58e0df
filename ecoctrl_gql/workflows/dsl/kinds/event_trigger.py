"""Begins at an event of the platform."""

from ecoctrl_gql.workflows.dsl.kinds.triggers import EVENT, EventConfig
from ecoctrl_gql.workflows.dsl.registry import NodeKind, Output

EVENT_TRIGGER = NodeKind(
    "event_trigger",
    EventConfig,
    "Begins at an event of the platform.",
    outputs=(
        Output("data", "What the trigger gave."),
        Output("triggered", "Always true."),
        Output("timestamp", "When the run began, as RFC 3339 text."),
    ),
    trigger=EVENT,
    check=EVENT.check,
)
