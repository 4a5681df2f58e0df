"""The journals of runs."""

from collections.abc import Hashable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from psycopg.types.json import Jsonb

from ecoctrl_gql.db.records import record_maker
from ecoctrl_gql.db.repositories.base import Repository
from ecoctrl_gql.db.statements import Statement
from ecoctrl_gql.db.tables.workflow_steps import WorkflowStepRow
from ecoctrl_gql.db.tasks import grouped


class StepRecord(NamedTuple):
    """A step as it is stored; ``outcome`` is None where ``output`` is all of it."""

    path: str
    attempt: int
    node_id: str
    node_name: str | None
    node_type: str
    status: str
    started_at: datetime
    completed_at: datetime | None
    due_at: datetime | None
    input: Any
    output: Any
    outcome: Any
    error: str | None


COLUMNS = ", ".join(StepRecord._fields)

OF_RUN: Statement[StepRecord] = Statement(
    f"SELECT {COLUMNS} FROM workflow_steps WHERE execution_id = %(execution_id)s ORDER BY id",
    StepRecord._make,
)

# The run's row says whether the run is still the writer's, and holds others off until the step is kept. What
# is done stays done: a writer that timed out while its commit was on the way has lost the run.
NOTE: Statement[bool] = Statement(
    """
    WITH run AS (
        UPDATE workflow_executions
        SET steps = steps + CASE WHEN EXISTS (
                SELECT FROM workflow_steps
                WHERE execution_id = %(execution_id)s AND path = %(path)s AND attempt = %(attempt)s
            ) THEN 0 ELSE 1 END,
            node_id = %(node_id)s, stalls = 0
        WHERE id = %(execution_id)s AND claim = %(claim)s AND completed_at IS NULL
        RETURNING id, cancel_requested_at
    ), step AS (
        INSERT INTO workflow_steps (execution_id, path, attempt, node_id, node_name, node_type, status,
            started_at, completed_at, due_at, input, output, outcome, error)
        SELECT run.id, %(path)s::text, %(attempt)s::integer, %(node_id)s::text, %(node_name)s::text,
            %(node_type)s::text, %(status)s::text, %(started_at)s::timestamptz, %(completed_at)s::timestamptz,
            %(due_at)s::timestamptz, %(input)s::jsonb, %(output)s::jsonb, %(outcome)s::jsonb, %(error)s::text
        FROM run
        ON CONFLICT (execution_id, path, attempt) DO UPDATE SET status = excluded.status,
            completed_at = excluded.completed_at, due_at = excluded.due_at, output = excluded.output,
            outcome = excluded.outcome, error = excluded.error
            WHERE workflow_steps.status IN ('running', 'waiting')
        RETURNING id
    )
    SELECT run.cancel_requested_at IS NOT NULL FROM run, step
    """.strip(),
    lambda row: bool(row[0]),
    writes=True,
)

# What went well is taken over; a loop or branch that failed is begun anew with what went well inside it, and
# with its time.
COPY: Statement[int] = Statement(
    """
    INSERT INTO workflow_steps (execution_id, path, attempt, node_id, node_name, node_type, status,
        started_at, completed_at, due_at, input, output, outcome, error)
    SELECT %(to)s::uuid, step.path, step.attempt, node_id, node_name, node_type,
        CASE WHEN status = 'failed' AND step.attempt = last.attempt THEN 'running' ELSE status END,
        CASE WHEN step.attempt = last.attempt AND NOT last.done THEN now() ELSE started_at END,
        CASE WHEN status = 'failed' AND step.attempt = last.attempt THEN NULL ELSE completed_at END,
        CASE WHEN status = 'failed' AND step.attempt < last.attempt THEN now() END,
        input, output, outcome, CASE WHEN status = 'failed' AND step.attempt < last.attempt THEN error END
    FROM workflow_steps AS step JOIN (
        SELECT path, max(attempt) AS attempt, bool_or(status IN ('completed', 'skipped')) AS done
        FROM workflow_steps WHERE execution_id = %(from)s::uuid GROUP BY path
    ) AS last USING (path)
    WHERE execution_id = %(from)s::uuid AND (last.done OR node_type = ANY(%(containers)s))
    ORDER BY step.id
    RETURNING 1
    """.strip(),
    lambda row: int(row[0]),
)


# Without outcome, which is secret.
SHOWN = (
    "id",
    "execution_id",
    "path",
    "attempt",
    "node_id",
    "node_name",
    "node_type",
    "status",
    "started_at",
    "completed_at",
    "due_at",
    "input",
    "output",
    "error",
)

LAST_OF_RUNS: Statement[WorkflowStepRow] = Statement(
    f"""
    SELECT step.* FROM unnest(%(keys)s::uuid[]) AS run (id), LATERAL (
        SELECT {", ".join(SHOWN)} FROM workflow_steps
        WHERE execution_id = run.id ORDER BY id DESC LIMIT 500
    ) AS step ORDER BY step.id
    """.strip(),
    record_maker(WorkflowStepRow, SHOWN),
)


class WorkflowStepRepository(Repository[WorkflowStepRow]):
    row_type = WorkflowStepRow
    name = "step of a run"

    async def of_run(self, execution_id: str) -> list[StepRecord]:
        """The steps of a run, in the order in which they began."""
        return await self._runner.fetch(OF_RUN, {"execution_id": execution_id})

    async def last_of_runs(self, keys: Sequence[str]) -> Mapping[Hashable, list[WorkflowStepRow]]:
        """The last 500 steps of each of some runs, in their order, without what is secret."""
        return grouped(await self._runner.fetch(LAST_OF_RUNS, {"keys": list(keys)}), "execution_id")

    async def note(self, values: Mapping[str, Any]) -> bool | None:
        """
        Keep a step of a run that a worker has claimed.

        Returns:
            Whether somebody asked to stop the run; None where it is another worker's by now, or has ended.
        """
        json = {
            name: None if values[name] is None else Jsonb(values[name])
            for name in ("input", "output", "outcome")
        }
        noted = await self._runner.fetch(NOTE, {**values, **json})
        return noted[0] if noted else None

    async def copy(self, execution_id: str, to: str, containers: list[str]) -> int:
        """Begin the journal of a run with what went well in another; gives how many steps that are."""
        values = {"from": execution_id, "to": to, "containers": containers}
        return len(await self._runner.fetch(COPY, values))
