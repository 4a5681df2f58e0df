"""What follows when an attempt of a node has failed."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from ecoctrl_gql.workflows.dsl.document import Node
from ecoctrl_gql.workflows.nodes import ACTIONS

LONGEST_WAIT = timedelta(days=1)


class Then(Enum):
    """What is done after a failure."""

    RETRY = "retry"
    SKIP = "skip"
    GOTO = "goto"
    ABORT = "abort"


@dataclass(frozen=True, slots=True)
class Retries:
    """
    How often a node is tried again.

    Attributes:
        own: How often its config asks for it; the n-th wait is n times the kind's.
        more: How often its ``onError`` asks for it besides.
    """

    own: int
    more: int

    @classmethod
    def of(cls, node: Node, config: object) -> "Retries":
        action, on_error = ACTIONS.get(node.kind.name), node.on_error
        own = action.retries(config) if action is not None and config is not None else 0
        more = (on_error.retry_count or 0) if on_error and on_error.action == "retry" else 0
        return cls(own, more)


def after_failure(node: Node, retries: Retries, attempt: int) -> Then:
    """What is done after the failure of an attempt, counted from 1."""
    if attempt <= retries.own + retries.more:
        return Then.RETRY
    action = node.on_error.action if node.on_error else "abort"
    return Then.ABORT if action == "retry" else Then(action)


def next_try(node: Node, retries: Retries, attempt: int, failed_at: datetime) -> datetime:
    """When a node is tried again after the failure of an attempt."""
    if attempt <= retries.own:
        action = ACTIONS.get(node.kind.name)
        return failed_at + timedelta(milliseconds=attempt * (action.retry_delay_ms if action else 0))
    on_error = node.on_error
    if on_error is None:
        return failed_at
    wait_ms = float(on_error.retry_delay_ms or 0)
    wait_ms *= (on_error.retry_backoff or 1.0) ** (attempt - retries.own - 1)
    wait_ms = min(wait_ms, LONGEST_WAIT.total_seconds() * 1000)
    wait_ms *= 1 - (on_error.retry_jitter or 0.0) * random.random()  # noqa: S311 - spreads load, hides nothing
    return failed_at + timedelta(milliseconds=wait_ms)
