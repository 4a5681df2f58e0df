"""Begins when the value of a point changes."""

from ecoctrl_gql.workflows.dsl.kinds.triggers import STATE_CHANGE, StateChangeConfig
from ecoctrl_gql.workflows.dsl.registry import NodeKind, Output

STATE_CHANGE_TRIGGER = NodeKind(
    "state_change_trigger",
    StateChangeConfig,
    "Begins when the value of a point changes.",
    outputs=(
        Output("data", "What the trigger gave."),
        Output("triggered", "Always true."),
        Output("timestamp", "When the run began, as RFC 3339 text."),
    ),
    trigger=STATE_CHANGE,
    check=STATE_CHANGE.check,
)
