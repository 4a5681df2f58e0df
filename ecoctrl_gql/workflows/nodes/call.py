"""What a node is given when its turn has come, and what it may answer."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from ecoctrl_gql.db.database import Database
from ecoctrl_gql.db.repositories import Repositories
from ecoctrl_gql.workflows.dsl.fields import NodeConfig
from ecoctrl_gql.workflows.dsl.registry import NodeKind
from ecoctrl_gql.workflows.nodes.failures import Result
from ecoctrl_gql.workflows.nodes.tools import Tools

ConfigT = TypeVar("ConfigT", bound=NodeConfig)


@dataclass(frozen=True, slots=True)
class NodeCall(Generic[ConfigT]):
    """
    One attempt of one node.

    Attributes:
        config: Its config, templates rendered.
        key: By it others know that two attempts are the same effect: it is the same however often the run is
            cut short, retried or redone.
        execution_id: The run; in a dry run an id that stands for one.
        workflow_id: The workflow; None in a dry run of a definition that is not stored.
        user_id: The user who started the run, if somebody did.
        trigger: What started the run.
        now: The time; virtual in a dry run.
        db: The database, for reads.
        repos: The transaction in which the journal notes what the node did, for kinds whose effect is on our
            own database; they take effect together or not at all. None for all others, and in a dry run.
        tools: What lies outside.
        tries_left: How often the config asks to try again by itself after this attempt.
    """

    config: ConfigT
    key: str
    execution_id: str
    workflow_id: str | None
    user_id: str | None
    trigger: Any
    now: datetime
    db: Database
    repos: Repositories | None
    tools: Tools
    tries_left: int = 0

    @property
    def transaction(self) -> Repositories:
        """The transaction of a node whose effect is on our own database."""
        if self.repos is None:
            raise TypeError("Only nodes with effects on our own database have a transaction.")
        return self.repos


@dataclass(frozen=True, slots=True)
class Preview:
    """
    What a node would do and give, told by a dry run.

    Attributes:
        result: What it would give, as far as can be told without doing it.
        effect: What would have happened, as JSON for people and programs to read; None where nothing would.
            Headers are named, not shown.
    """

    result: Result
    effect: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Action(Generic[ConfigT]):
    """
    What a kind of node does.

    Attributes:
        kind: The kind.
        run: Does it.
        preview: Tells what it would do, and does nothing of it.
        retries: How often the config asks to try again by itself; none by default.
        retry_delay_ms: How long to wait before the first of these tries, in milliseconds; before the n-th it
            is n times as long.
    """

    kind: NodeKind[ConfigT]
    run: Callable[[NodeCall[ConfigT]], Awaitable[Result]]
    preview: Callable[[NodeCall[ConfigT]], Awaitable[Preview]]
    retries: Callable[[ConfigT], int] = lambda _: 0
    retry_delay_ms: int = 0


def retries_up_to(limit: int) -> Callable[[Any], int]:
    """The ``retries`` of kinds whose config has ``retry``: what it asks for, up to a limit."""
    return lambda config: min(config.retry or 0, limit)
