"""The kinds of triggers, whether they stand at the top of a document or are nodes of it."""

from collections.abc import Iterable
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from ecoctrl_gql.workflows.dsl.fields import Count, Expression, Flag, NodeConfig, Texts
from ecoctrl_gql.workflows.dsl.problems import Finding, Rule, Severity, shown
from ecoctrl_gql.workflows.dsl.registry import TriggerKind
from ecoctrl_gql.workflows.triggers.cron import CronError, NeverFiresError, check_cron
from ecoctrl_gql.workflows.triggers.durations import FORM as DURATION_FORM
from ecoctrl_gql.workflows.triggers.durations import DurationError, duration_ms
from ecoctrl_gql.workflows.triggers.events import is_event_pattern
from ecoctrl_gql.workflows.triggers.networks import NetworkError, parse_network
from ecoctrl_gql.workflows.triggers.schedules import UnknownTimeZoneError, time_zone
from ecoctrl_gql.workflows.triggers.watches import ANY, FORM, WatchPath, WatchPathError

MAX_HOLD_MS = 30 * 24 * 3_600_000
"""30 days."""

Condition = Annotated[
    Expression | None, Field(description="An expression over `trigger`; where it is false, nothing starts.")
]


class TriggerConfig(NodeConfig):
    """What every trigger may say."""

    tags: Annotated[Any, Field(description="Labels that lists of workflows show.")] = None


class ManualConfig(TriggerConfig):
    """Started by a person or by another program through the API."""


class ScheduleConfig(TriggerConfig):
    """Started by the clock."""

    cron: Annotated[str, Field(description="Five cron fields, or six with seconds first.")]
    timezone: Annotated[
        str | None, Field(description="The IANA time zone of the fields; the platform's by default.")
    ] = None
    catch_up: Annotated[
        Literal["skip", "once", "all"] | None,
        Field(description="What is done about times at which no server ran: nothing by default."),
    ] = None


class WebhookConfig(TriggerConfig):
    """Started by a call of the webhook's address."""

    secret: Annotated[str | None, Field(description="The key that calls are signed with (HMAC-SHA256).")] = (
        None
    )
    allowed_ips: Annotated[
        Texts | None, Field(description="Addresses and networks from which calls are taken; all by default.")
    ] = None
    require_timestamp: Annotated[
        Flag | None, Field(description="Whether a call must have a recent timestamp, and sign it.")
    ] = None
    tolerance_seconds: Annotated[
        Count | None, Field(description="How old a timestamp may be, in seconds; 300 by default.")
    ] = None


class EventConfig(TriggerConfig):
    """Started by an event of the platform."""

    event: Annotated[str, Field(description="The event's name; an asterisk stands for a word or the rest.")]
    condition: Condition = None


class StateChangeConfig(TriggerConfig):
    """Started by a change of a point's value."""

    watch: Annotated[Texts, Field(description=f"What is watched: texts of the form {FORM}.")]
    condition: Condition = None
    for_: Annotated[
        str | None,
        Field(
            alias="for",
            description="How long the condition must hold, or without one the value stay as it is, before "
            f"the workflow starts, such as {DURATION_FORM}; it starts at once by default.",
        ),
    ] = None
    for_ms: Annotated[
        Count | None, Field(description="The same in milliseconds; 30 days at most, not along with for.")
    ] = None

    @property
    def hold_ms(self) -> int:
        """How long the state must last before the workflow starts, in milliseconds."""
        return self.for_ms or (duration_ms(self.for_) if self.for_ else 0)


def check_schedule(config: ScheduleConfig) -> Iterable[Finding]:
    try:
        check_cron(config.cron)
    except NeverFiresError as error:
        yield Finding(("cron",), Rule.CRON_NEVER, str(error))
    except CronError as error:
        hint = "Write minute, hour, day, month and day of the week, such as 30 7 * * 1-5."
        yield Finding(("cron",), Rule.CRON, str(error), hint)
    try:
        time_zone(config.timezone or "UTC")
    except UnknownTimeZoneError:
        message = f'There is no time zone "{shown(config.timezone)}".'
        yield Finding(("timezone",), Rule.TIME_ZONE, message, "Write an IANA name such as Asia/Shanghai.")


def check_webhook(config: WebhookConfig) -> Iterable[Finding]:
    for index, text in enumerate(config.allowed_ips or ()):
        try:
            parse_network(text)
        except NetworkError as error:
            yield Finding(("allowedIps", index), Rule.NETWORK, str(error))
    if not config.secret:
        message = "Without a secret anybody who knows the address can start the workflow."
        if config.allowed_ips:
            message = "Without a secret every program at the allowed addresses can start the workflow."
        hint = "Set a secret and let the caller sign with it."
        yield Finding(("secret",), Rule.OPEN_WEBHOOK, message, hint, Severity.WARNING)


def check_event(config: EventConfig) -> Iterable[Finding]:
    if not is_event_pattern(config.event):
        message = f'"{shown(config.event)}" is no name of an event.'
        yield Finding(("event",), Rule.EVENT_NAME, message, "Write words between dots, such as alert.added.")


def check_state_change(config: StateChangeConfig) -> Iterable[Finding]:
    if not config.watch:
        yield Finding(("watch",), Rule.REQUIRED, "Nothing is watched.", f"Add a path of the form {FORM}.")
    for index, text in enumerate(config.watch):
        try:
            path = WatchPath.parse(text)
        except WatchPathError as error:
            yield Finding(("watch", index), Rule.WATCH_PATH, str(error), f"Write {FORM}.")
            continue
        doubt = _doubt(path, text)
        if doubt:
            yield Finding(("watch", index), Rule.WATCH_PATH, doubt, None, Severity.WARNING)
    yield from _check_hold(config)


def _check_hold(config: StateChangeConfig) -> Iterable[Finding]:
    if config.for_ and config.for_ms is not None:
        yield Finding(("forMs",), Rule.VALUE, "Both for and forMs are given.", "Leave one of them out.")
    if isinstance(config.for_ms, int) and config.for_ms > MAX_HOLD_MS:
        yield Finding(("forMs",), Rule.VALUE, "A state is waited for up to 30 days.")
    if not config.for_ or "{{" in config.for_:
        return
    try:
        if duration_ms(config.for_) > MAX_HOLD_MS:
            yield Finding(("for",), Rule.VALUE, "A state is waited for up to 30 days.")
    except DurationError as error:
        yield Finding(("for",), Rule.VALUE, str(error), f"Write {DURATION_FORM}.")


def _doubt(path: WatchPath, text: str) -> str | None:
    """Why a path of the right form perhaps does not mean what was wanted."""
    if text.count(".") > 4:
        return "Only the first five parts of a watch path count."
    try:
        if path.object_uuid != ANY:
            UUID(path.object_uuid)
    except ValueError:
        return f'"{shown(path.object_uuid)}" is no uuid of an object, so nothing will match.'
    return None


MANUAL = TriggerKind("manual", ManualConfig, "A person or another program starts it.")
SCHEDULE = TriggerKind("schedule", ScheduleConfig, "The clock starts it.", check_schedule)
WEBHOOK = TriggerKind("webhook", WebhookConfig, "A call from outside starts it.", check_webhook)
EVENT = TriggerKind("event", EventConfig, "An event of the platform starts it.", check_event)
STATE_CHANGE = TriggerKind(
    "state_change", StateChangeConfig, "A change of a point's value starts it.", check_state_change
)
