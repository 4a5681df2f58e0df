"""The steps of a run, and the journal that keeps them."""

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from ecoctrl_gql.db.enums import StepStatus
from ecoctrl_gql.db.repositories import Repositories


@dataclass(frozen=True, slots=True)
class Step:
    """
    What one attempt of one node came to.

    Attributes:
        path: Which node, in which pass of which loop or branch.
        attempt: Which attempt, from 1.
        due_at: Until when it waits; of a failed one, when it is tried again.
        input: The config that it was given, templates rendered.
        result: What it gave, as expressions see it.
        state: What the walk needs besides to go on from here: a loop's items, and the variables behind it.
        error: Why it failed.
    """

    path: str
    attempt: int
    node_id: str
    node_name: str
    node_type: str
    status: StepStatus
    started_at: datetime
    completed_at: datetime | None = None
    due_at: datetime | None = None
    input: Any = None
    result: Mapping[str, Any] | None = None
    state: Mapping[str, Any] | None = None
    error: str | None = None


class Journal(Protocol):
    """Where the steps of a run are kept, before anything else happens."""

    def find(self, path: str, attempt: int) -> Step | None:
        """An attempt that was kept; None where it was not begun."""
        ...

    def has_below(self, path: str) -> bool:
        """Whether any step inside a path was kept."""
        ...

    @property
    def length(self) -> int:
        """How many attempts were kept."""
        ...

    @property
    def size(self) -> int:
        """How many bytes these are, about."""
        ...

    async def note(self, step: Step, repos: Repositories | None = None) -> None:
        """
        Keep a step: in a transaction where one is given.

        Raises:
            RunLostError: Another worker has the run by now, or it has ended.
            RunStoppedError: Somebody asked to stop it; not in a transaction, which takes effect all the same.
        """
        ...

    def transaction(self) -> AbstractAsyncContextManager[Repositories]:
        """
        A transaction in which a node's effect on our database and its step are kept together.

        Raises:
            RunLostError, RunStoppedError: As `note`, before anything is done.
        """
        ...


class RunLostError(Exception):
    """Another worker has the run by now, or it has ended; nothing more is to be done about it here."""


class RunStoppedError(Exception):
    """Somebody asked to stop the run."""


class RunSuspendedError(Exception):
    """
    The run can't go on before a time.

    Attributes:
        until: The time.
    """

    def __init__(self, until: datetime) -> None:
        super().__init__(until)
        self.until = until


class RunFailedError(Exception):
    """
    The run has failed, and nothing caught it; the message says why.

    Attributes:
        node_id: The node that failed; None where it is about the run as a whole.
    """

    def __init__(self, message: str, node_id: str | None = None) -> None:
        super().__init__(message)
        self.node_id = node_id
