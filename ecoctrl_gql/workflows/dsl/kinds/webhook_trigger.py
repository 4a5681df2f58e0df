"""Begins when its webhook is called."""

from ecoctrl_gql.workflows.dsl.kinds.triggers import WEBHOOK, WebhookConfig
from ecoctrl_gql.workflows.dsl.registry import NodeKind, Output

WEBHOOK_TRIGGER = NodeKind(
    "webhook_trigger",
    WebhookConfig,
    "Begins when its webhook is called.",
    outputs=(
        Output("data", "What the trigger gave."),
        Output("triggered", "Always true."),
        Output("timestamp", "When the run began, as RFC 3339 text."),
    ),
    trigger=WEBHOOK,
    check=WEBHOOK.check,
)
