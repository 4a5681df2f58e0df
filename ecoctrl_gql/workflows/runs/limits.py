"""How long, how far and how large a run may go."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from ecoctrl_gql.workflows.dsl.document import Node
from ecoctrl_gql.workflows.runs.steps import Journal, RunFailedError, RunSuspendedError, Step

MAX_STEPS = 10_000
"""The most attempts of nodes in one run."""

MAX_RUN_BYTES = 64_000_000
"""The most that its steps may be given and give, all together: whoever takes a run on reads all of it."""

TOO_LONG = "The run took longer than its settings allow."


@dataclass(frozen=True, slots=True)
class Limits:
    """
    The limits of one run and of its nodes.

    Attributes:
        journal: Tells how far the run has come.
        now: The time.
        deadline: When the run has taken too long.
    """

    journal: Journal
    now: Callable[[], datetime]
    deadline: datetime | None

    def check(self) -> None:
        """
        Let the run go on, if it may.

        Raises:
            RunFailedError: It may not; it names no node, so no loop or branch goes on either.
        """
        if self.deadline is not None and self.now() >= self.deadline:
            raise RunFailedError(TOO_LONG)
        if self.journal.length >= MAX_STEPS:
            raise RunFailedError(f"The run has taken {MAX_STEPS:,} steps, which is the most.")
        if self.journal.size > MAX_RUN_BYTES:
            raise RunFailedError(
                f"The run has gathered {self.journal.size:,} bytes; {MAX_RUN_BYTES:,} are the most."
            )

    def wait_until(self, due: datetime) -> None:
        """
        Go on at once if it is time.

        Raises:
            RunSuspendedError: It is not yet.
            RunFailedError: As `check`.
        """
        if due > self.now():
            self.check()
            raise RunSuspendedError(due)

    def seconds_left(self, node: Node, step: Step) -> float | None:
        """
        For how many seconds an attempt may go on; what runs graphs has begun when its step did.

        Raises:
            TimeoutError: Its time is over.
        """
        ends = self.ends(node, step)
        if ends is None:
            return None if node.timeout_ms is None else node.timeout_ms / 1000
        left = (ends - self.now()).total_seconds()
        if left <= 0:  # a timeout that is over would only tell at the next await, if there is one
            raise TimeoutError
        return left

    def ends(self, node: Node, step: Step) -> datetime | None:
        """When an attempt of what runs graphs ends at the latest, waits included."""
        if node.timeout_ms is None or not node.graphs:
            return None
        return step.started_at + timedelta(milliseconds=node.timeout_ms)
