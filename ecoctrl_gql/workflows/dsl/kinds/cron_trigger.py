"""Begins when the clock says so."""

from ecoctrl_gql.workflows.dsl.kinds.triggers import SCHEDULE, ScheduleConfig
from ecoctrl_gql.workflows.dsl.registry import NodeKind, Output

CRON_TRIGGER = NodeKind(
    "cron_trigger",
    ScheduleConfig,
    "Begins when the clock says so.",
    outputs=(
        Output("data", "What the trigger gave."),
        Output("triggered", "Always true."),
        Output("timestamp", "When the run began, as RFC 3339 text."),
    ),
    trigger=SCHEDULE,
    aliases=("schedule_trigger",),
    check=SCHEDULE.check,
)
