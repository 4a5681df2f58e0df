"""The kinds of nodes and triggers, one module each; a new one is added to the tuples below."""

from typing import Any, Final

from ecoctrl_gql.workflows.dsl.kinds.alert import ALERT
from ecoctrl_gql.workflows.dsl.kinds.condition import CONDITION
from ecoctrl_gql.workflows.dsl.kinds.cron_trigger import CRON_TRIGGER
from ecoctrl_gql.workflows.dsl.kinds.database import DATABASE
from ecoctrl_gql.workflows.dsl.kinds.delay import DELAY
from ecoctrl_gql.workflows.dsl.kinds.email import EMAIL
from ecoctrl_gql.workflows.dsl.kinds.end import END
from ecoctrl_gql.workflows.dsl.kinds.event_trigger import EVENT_TRIGGER
from ecoctrl_gql.workflows.dsl.kinds.http_request import HTTP_REQUEST
from ecoctrl_gql.workflows.dsl.kinds.loop import LOOP
from ecoctrl_gql.workflows.dsl.kinds.notify import NOTIFY
from ecoctrl_gql.workflows.dsl.kinds.parallel import PARALLEL
from ecoctrl_gql.workflows.dsl.kinds.point_read import POINT_READ
from ecoctrl_gql.workflows.dsl.kinds.point_write import POINT_WRITE
from ecoctrl_gql.workflows.dsl.kinds.sse_send import SSE_SEND
from ecoctrl_gql.workflows.dsl.kinds.start import START
from ecoctrl_gql.workflows.dsl.kinds.state_change_trigger import STATE_CHANGE_TRIGGER
from ecoctrl_gql.workflows.dsl.kinds.switch import SWITCH
from ecoctrl_gql.workflows.dsl.kinds.triggers import EVENT, MANUAL, SCHEDULE, STATE_CHANGE, WEBHOOK
from ecoctrl_gql.workflows.dsl.kinds.variable import VARIABLE
from ecoctrl_gql.workflows.dsl.kinds.webhook_trigger import WEBHOOK_TRIGGER
from ecoctrl_gql.workflows.dsl.registry import NodeKind, TriggerKind

KINDS: Final[tuple[NodeKind[Any], ...]] = (
    START,
    END,
    CONDITION,
    SWITCH,
    LOOP,
    PARALLEL,
    DELAY,
    HTTP_REQUEST,
    DATABASE,
    EMAIL,
    VARIABLE,
    POINT_READ,
    POINT_WRITE,
    SSE_SEND,
    ALERT,
    NOTIFY,
    CRON_TRIGGER,
    WEBHOOK_TRIGGER,
    EVENT_TRIGGER,
    STATE_CHANGE_TRIGGER,
)

TRIGGERS: Final[tuple[TriggerKind[Any], ...]] = (MANUAL, SCHEDULE, WEBHOOK, EVENT, STATE_CHANGE)

KIND_BY_SPELLING: Final = {spelling: kind for kind in KINDS for spelling in kind.spellings}

TRIGGER_BY_SPELLING: Final = {spelling: kind for kind in TRIGGERS for spelling in kind.spellings}
