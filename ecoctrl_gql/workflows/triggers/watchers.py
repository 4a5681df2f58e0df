"""The armed triggers that events may fire, and which of them an event concerns."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import uuid4
from zoneinfo import ZoneInfo

import structlog

from ecoctrl_gql.auth.keys import Keys
from ecoctrl_gql.db import point_values
from ecoctrl_gql.db.enums import TriggerType
from ecoctrl_gql.db.repositories.events import EventRecord
from ecoctrl_gql.db.repositories.workflow_triggers import ArmedTrigger
from ecoctrl_gql.errors import BadInputError
from ecoctrl_gql.workflows.dsl.kinds.triggers import EventConfig, StateChangeConfig
from ecoctrl_gql.workflows.expressions import Environment, Scope, compile_expression
from ecoctrl_gql.workflows.expressions.errors import ExpressionError
from ecoctrl_gql.workflows.secrets import opened
from ecoctrl_gql.workflows.triggers.configs import NAMES
from ecoctrl_gql.workflows.triggers.event_names import means, plain_pattern, subjects_of
from ecoctrl_gql.workflows.triggers.watches import WatchIndex, WatchPath

TYPES: Final = (TriggerType.EVENT, TriggerType.STATE_CHANGE)
"""The types of triggers that events fire."""

log = structlog.stdlib.get_logger("ecoctrl.workflows")


@dataclass(frozen=True, slots=True)
class Watcher:
    """
    An armed trigger that events may fire.

    Attributes:
        trigger: The trigger.
        condition: The expression that must hold; None where every event counts.
        secrets: The secrets that it names, in the clear.
        pattern: Which events it means; None for one that watches values.
        paths: Which values it watches.
        hold_ms: How long the state must last.
    """

    trigger: ArmedTrigger
    condition: str | None
    secrets: Mapping[str, str]
    pattern: str | None = None
    paths: tuple[WatchPath, ...] = ()
    hold_ms: int = 0

    @classmethod
    def of(cls, trigger: ArmedTrigger, keys: Keys) -> "Watcher":
        """
        The watcher of an armed trigger.

        Raises:
            ValueError: Its config can't be read.
            BadInputError: A secret that its condition names can't be opened.
        """
        held = trigger.config.get(NAMES, {}).get("secret", {})
        secrets = {name: opened(value, keys) for name, value in held.items()}
        if trigger.type == TriggerType.EVENT:
            event = EventConfig.model_validate(trigger.config)
            return cls(trigger, _given(event.condition), secrets, pattern=plain_pattern(event.event))
        change = StateChangeConfig.model_validate(trigger.config)
        paths = tuple(WatchPath.parse(text) for text in change.watch)
        return cls(trigger, _given(change.condition), secrets, paths=paths, hold_ms=change.hold_ms)

    def holds(
        self, data: Mapping[str, Any], at: datetime, zone: ZoneInfo, settings: Mapping[str, str]
    ) -> bool:
        """
        Whether the condition holds; one that can't be worked out does not.

        Args:
            data: What expressions know as ``trigger``.
            at: The time for ``now()``.
            zone: Where dates are shown.
            settings: The server's settings that expressions may name.
        """
        if self.condition is None:
            return True
        names = self.trigger.config.get(NAMES, {})
        scope = Scope(
            trigger=data,
            settings=settings,
            constants=names.get("var", {}),
            secrets=self.secrets,
        )
        environment = Environment(lambda: at, lambda: str(uuid4()), zone)
        try:
            return compile_expression(self.condition).holds(scope, environment)
        except ExpressionError:
            return False


@dataclass
class Watchers:
    """
    All armed triggers that events may fire.

    Attributes:
        fingerprint: What the database tells of the set of them.
        subjects: The subjects of the events that may concern one.
    """

    fingerprint: Any = None
    subjects: set[str] = field(default_factory=set)
    by_id: dict[str, Watcher] = field(default_factory=dict)
    _events: list[Watcher] = field(default_factory=list)
    _values: WatchIndex[str] = field(default_factory=WatchIndex)

    @classmethod
    def of(cls, triggers: Iterable[ArmedTrigger], fingerprint: Any, keys: Keys) -> "Watchers":
        made = cls(fingerprint)
        for trigger in triggers:
            try:
                watcher = made.by_id[trigger.id] = Watcher.of(trigger, keys)
            except (BadInputError, ValueError):  # armed by another version of the server, or with another key
                log.exception("A trigger can't be read.", trigger_id=trigger.id)
                continue
            if watcher.pattern is None:
                made._values.set(trigger.id, watcher.paths)
            else:
                made._events.append(watcher)
        made.subjects = subjects_of(watcher.pattern for watcher in made._events if watcher.pattern)
        if len(made._events) < len(made.by_id):
            made.subjects.add(point_values.SUBJECT)
        return made

    def concerned(self, event: EventRecord) -> list[Watcher]:
        """The triggers that an event concerns, leaving their conditions aside; those armed later are not."""
        found = [
            watcher
            for watcher in self._events
            if watcher.pattern and means(watcher.pattern, event.subject, event.change)
        ]
        if event.subject == point_values.SUBJECT:
            found += self._watching(event.data)
        return [watcher for watcher in found if watcher.trigger.armed_at <= event.created_at]

    def _watching(self, data: Mapping[str, Any]) -> list[Watcher]:
        """Who watches a value; its point may be named by its id or its code."""
        names = dict.fromkeys([data["pointId"], data.get("pointCode") or data["pointId"]])
        keys = {
            key: None
            for name in names
            for key in self._values.watchers_of(str(data["objectUuid"]), name, data["key"])
        }
        return [self.by_id[key] for key in keys]


def _given(condition: str | None) -> str | None:
    """A condition that says something."""
    return condition if condition and condition.strip() else None
