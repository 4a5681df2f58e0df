"""
What events are called in workflows: a thing and what happened to it, such as ``alert.added``.

The things are those of subscriptions, so that ``alertAdded`` there is ``alert.added`` here.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from pydantic.alias_generators import to_camel

from ecoctrl_gql.db import point_values
from ecoctrl_gql.db.enums import EventChange
from ecoctrl_gql.workflows.triggers.events import event_matches

THINGS: Final[Mapping[str, str]] = {
    "alerts": "alert",
    "faults": "fault",
    "maintenance_reminders": "maintenance",
    "notifications": "notification",
    point_values.SUBJECT: "point_value",
    "workflow_executions": "workflow_execution",
}
"""What the rows of a published table are called, by the table."""

HAPPENINGS: Final[Mapping[str, str]] = {
    EventChange.CREATED: "added",
    EventChange.UPDATED: "changed",
    EventChange.DELETED: "removed",
}

RUNS: Final = "workflow_executions"
"""Events of runs are only meant where a pattern names them: a pattern for all would start runs for runs."""

_BULKY: Final[Mapping[str, frozenset[str]]] = {RUNS: frozenset({"result"})}
"""Columns that are not told, for they may hold megabytes."""

_WORD_IN_CAMEL_CASE = re.compile(r"(?<=[a-z])([A-Z])")


def event_name(subject: str, change: str) -> str:
    """The name of an event, by its table and what happened to the row."""
    return f"{THINGS.get(subject, subject)}.{HAPPENINGS[change]}"


def plain_pattern(pattern: str) -> str:
    """A pattern in which the name of a subscription, such as alertAdded, is that of the event."""
    if not re.fullmatch(r"[a-z]+([A-Z][a-z]+)+", pattern):
        return pattern
    *thing, happening = _WORD_IN_CAMEL_CASE.sub(r" \1", pattern).lower().split()
    return f"{'_'.join(thing)}.{happening}"


def means(pattern: str, subject: str, change: str) -> bool:
    """Whether a plain pattern means an event."""
    if subject == RUNS and not pattern.startswith(THINGS[RUNS]):
        return False
    return event_matches(pattern, event_name(subject, change))


def subjects_of(patterns: Iterable[str]) -> set[str]:
    """The tables whose events some plain patterns mean."""
    wanted = set(patterns)
    return {
        subject
        for subject in THINGS
        if any(means(pattern, subject, change) for pattern in wanted for change in HAPPENINGS)
    }


def payload_of(subject: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of an event's row, as the API spells them."""
    return {to_camel(name): value for name, value in data.items() if name not in _BULKY.get(subject, ())}
