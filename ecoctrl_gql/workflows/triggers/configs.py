"""The configs of triggers as they are armed: their templates filled, their schedules known."""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, Final
from zoneinfo import ZoneInfo

from ecoctrl_gql.db.enums import TriggerType
from ecoctrl_gql.db.repositories.workflow_triggers import NewTrigger
from ecoctrl_gql.errors import BadInputError
from ecoctrl_gql.workflows.dsl.document import Document, Trigger
from ecoctrl_gql.workflows.dsl.fields import RENDERED
from ecoctrl_gql.workflows.dsl.kinds.triggers import ScheduleConfig, WebhookConfig
from ecoctrl_gql.workflows.dsl.problems import Severity
from ecoctrl_gql.workflows.dsl.registry import evaluated_keys
from ecoctrl_gql.workflows.expressions import Environment, ExpressionError, Scope, compile_expression
from ecoctrl_gql.workflows.secrets import holds_part
from ecoctrl_gql.workflows.templates import render
from ecoctrl_gql.workflows.triggers.schedules import Schedule

NAMES: Final = "$names"
"""The key under which a config holds the document's own values that its condition names."""


class UnarmableError(BadInputError):
    """A trigger can't be armed as it stands; the message says why."""


def triggers_of(
    document: Document, settings: Mapping[str, str], environment: Environment, zone: ZoneInfo
) -> list[NewTrigger]:
    """
    The triggers of a document, but for those by hand, ready to be armed; secrets stay under seal.

    Args:
        document: The document.
        settings: The server's settings that templates may name.
        environment: The time, from which on schedules fire.
        zone: The time zone of schedules that name none.

    Raises:
        UnarmableError: A template of a trigger's config gives what can't be used.
    """
    return [
        _new_trigger(trigger, document, settings, environment, zone)
        for trigger in document.triggers
        if trigger.kind.name != TriggerType.MANUAL
    ]


def _new_trigger(
    trigger: Trigger,
    document: Document,
    settings: Mapping[str, str],
    environment: Environment,
    zone: ZoneInfo,
) -> NewTrigger:
    scope = Scope(settings=settings, constants=_constants(document), secrets=_secrets(document))
    try:
        config = _filled(trigger, scope, environment)
        model = trigger.kind.config.model_validate(config, context=RENDERED)
    except ExpressionError as error:
        raise UnarmableError(f"{trigger.path}: {error}") from None
    except ValueError:  # whose message shows the values
        raise UnarmableError(f"{trigger.path}: A template gives what does not fit.") from None
    findings = (one for one in trigger.kind.check(model) if one.severity is Severity.ERROR)
    finding = next(findings, None)
    if any(map(holds_part, config.values())):
        raise UnarmableError(f"{trigger.path}: A secret can only be all of a text, not a part of it.")
    if isinstance(trigger.config, WebhookConfig) and trigger.config.secret and not config.get("secret"):
        raise UnarmableError(f"{trigger.path}: The secret is empty, so anybody could call the webhook.")
    if finding is not None:
        raise UnarmableError(f"{trigger.path}: {'.'.join(map(str, finding.steps))} does not fit.")
    next_at = first_fire(model, zone, environment.now()) if isinstance(model, ScheduleConfig) else None
    return NewTrigger(trigger.path, TriggerType(trigger.kind.name), config, trigger.node_id, next_at)


def _filled(trigger: Trigger, scope: Scope, environment: Environment) -> dict[str, Any]:
    evaluated = evaluated_keys(trigger.kind.config)
    config = {
        key: value if key in evaluated else render(value, scope, environment)
        for key, value in trigger.raw_config.items()
        if key != NAMES
    }
    condition = config.get("condition")
    names = compile_expression(condition).names_used if condition and condition.strip() else frozenset()
    held = {
        "var": {key: value for key, value in scope.constants.items() if names & {"var", f"var.{key}"}},
        "secret": {key: value for key, value in scope.secrets.items() if f"secret.{key}" in names},
    }
    return config | ({NAMES: held} if any(held.values()) else {})


def _constants(document: Document) -> dict[str, Any]:
    return {var.key: var.value for var in document.env_vars if var.type != "secret"}


def _secrets(document: Document) -> dict[str, str]:
    own = document.env_vars
    return {var.key: str(var.value) for var in own if var.type == "secret" and var.value is not None}


def schedule_of(config: ScheduleConfig, zone: ZoneInfo) -> Schedule:
    """The schedule of a config, in the zone that it names or else in another."""
    return _schedule(config.cron, config.timezone or zone.key)


@lru_cache(maxsize=4096)
def _schedule(cron: str, zone: str) -> Schedule:
    return Schedule.of(cron, zone)


def first_fire(config: ScheduleConfig, zone: ZoneInfo, after: datetime) -> datetime | None:
    """When a schedule fires next; None where the calendar ends first."""
    return next(iter(schedule_of(config, zone).next_runs(1, after)), None)
