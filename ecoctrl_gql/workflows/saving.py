"""What a change of a workflow expects, and what becomes of it."""

from dataclasses import dataclass, field
from datetime import datetime

from ecoctrl_gql.db.tables import WorkflowRow
from ecoctrl_gql.errors import ConflictError
from ecoctrl_gql.workflows.dsl.problems import Problem


@dataclass(frozen=True, slots=True)
class Saved:
    """
    What became of a change.

    Attributes:
        workflow: The workflow as it is now.
        problems: What is wrong with the definition; warnings where it was taken.
    """

    workflow: WorkflowRow | None
    problems: list[Problem] = field(default_factory=list)


class OutdatedError(ConflictError):
    """
    Somebody else changed the workflow in between.

    Attributes:
        current: The workflow as it is now.
    """

    def __init__(self, message: str, current: WorkflowRow, *path: str) -> None:
        super().__init__(message, field=("input", *path))
        self.current = current


@dataclass(frozen=True, slots=True)
class Expected:
    """
    What the caller knows of a workflow; None for what counts not.

    Attributes:
        version: The published version.
        updated_at: When it last changed.
    """

    version: int | None = None
    updated_at: datetime | None = None

    def check(self, workflow: WorkflowRow) -> None:
        """
        See that nobody has changed the workflow since.

        Raises:
            OutdatedError: Somebody has.
        """
        if self.version is not None and self.version != workflow.version:
            message = f"The workflow is at version {workflow.version} now, not {self.version}."
            raise OutdatedError(message, workflow, "expectedVersion")
        if self.updated_at is not None and self.updated_at != workflow.updated_at:
            message = f"The workflow was changed at {workflow.updated_at.isoformat()}."
            raise OutdatedError(message, workflow, "expectedUpdatedAt")
