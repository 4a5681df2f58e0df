"""Where a graph begins; at the top of a document without trigger, it is started by hand."""

from ecoctrl_gql.workflows.dsl.kinds.triggers import MANUAL, ManualConfig
from ecoctrl_gql.workflows.dsl.registry import NodeKind, Output

START = NodeKind(
    "start",
    ManualConfig,
    "The begin of a graph.",
    outputs=(Output("data", "What the trigger gave."),),
    trigger=MANUAL,
)
