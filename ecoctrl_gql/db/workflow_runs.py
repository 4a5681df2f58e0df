"""What happens to the runs of workflows, each in one statement."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from ecoctrl_gql.db.enums import ExecutionStatus
from ecoctrl_gql.db.jobs import defer_advance
from ecoctrl_gql.db.publishing import CHAIN
from ecoctrl_gql.db.records import attributes, record_maker
from ecoctrl_gql.db.statements import Statement
from ecoctrl_gql.db.tables.workflow_executions import WorkflowExecutionRow

COLUMNS = tuple(attributes(WorkflowExecutionRow))
LISTED = ", ".join(f"run.{name}" for name in COLUMNS)
RECORD = record_maker(WorkflowExecutionRow, COLUMNS)


class Claimed(NamedTuple):
    """A run that a worker has taken up, by a number that whoever takes it up later exceeds."""

    id: str
    workflow_id: str
    version: int | None
    trigger_data: Any
    start_node_id: str | None
    user_id: str | None
    effect_id: str
    started_at: datetime
    deadline_at: datetime | None
    cancel_requested_at: datetime | None
    steps: int
    claim: int
    stalls: int
    claimed_at: datetime


@dataclass(frozen=True, slots=True)
class RunStatistics:
    """How the runs of a workflow have gone; durations are those of runs that went well or failed."""

    workflow_id: str
    runs: int
    pending: int
    running: int
    waiting: int
    completed: int
    failed: int
    cancelled: int
    dead: int
    p50_duration_ms: float | None
    p95_duration_ms: float | None
    last_failure_id: str | None


COUNTED = ", ".join(
    f"count(*) FILTER (WHERE status = '{status.value}') AS {status.value}" for status in ExecutionStatus
)

STATISTICS: Statement[RunStatistics] = Statement(
    f"""
    SELECT workflow.id, runs, pending, running, waiting, completed, failed, cancelled, dead,
        durations[1], durations[2], failure.id
    FROM unnest(%(keys)s::uuid[]) AS workflow (id)
    CROSS JOIN LATERAL (
        SELECT count(*) AS runs, {COUNTED}, count(*) FILTER (WHERE dead) AS dead,
            percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP (
                ORDER BY extract(epoch FROM completed_at - started_at)::float8 * 1000
            ) FILTER (WHERE status IN ('completed', 'failed') AND completed_at IS NOT NULL) AS durations
        FROM workflow_executions
        WHERE workflow_id = workflow.id AND started_at >= %(since)s
    ) AS counts
    LEFT JOIN LATERAL (
        SELECT id FROM workflow_executions
        WHERE workflow_id = workflow.id AND started_at >= %(since)s AND status = 'failed' AND failed > 0
        ORDER BY started_at DESC, id DESC LIMIT 1
    ) AS failure ON true
    """.strip(),
    lambda row: RunStatistics(*row),
)

EVER = datetime(1970, 1, 1, tzinfo=UTC)

# The job is put on the queue with the run: neither is there without the other. Of several that a transaction
# starts, each begins after the one before.
START: Statement[WorkflowExecutionRow] = Statement(
    f"""
    WITH run AS (
        INSERT INTO workflow_executions
            (workflow_id, version, trigger, trigger_data, start_node_id, user_id, dedup_key, deadline_at,
             redo_of_id, effect_id, started_at)
        VALUES (%(workflow_id)s, %(version)s, %(trigger)s, %(trigger_data)s, %(start_node_id)s, %(user_id)s,
            %(dedup_key)s, now() + %(timeout)s::interval, %(redo_of_id)s,
            coalesce(%(effect_id)s, gen_random_uuid()::text), clock_timestamp())
        ON CONFLICT (workflow_id, dedup_key) WHERE dedup_key IS NOT NULL DO NOTHING
        RETURNING *
    )
    SELECT {LISTED} FROM run, LATERAL {defer_advance("run.id")} AS job
    """.strip(),
    RECORD,
    writes=True,
)

# A wait that is not over is left alone, whoever asks. What others see changes with the first step.
CLAIM: Statement[Claimed] = Statement(
    f"""
    UPDATE workflow_executions
    SET claim = claim + 1, stalls = stalls + 1, status = 'running', wake_at = NULL
    WHERE id = %(id)s AND completed_at IS NULL
        AND (wake_at IS NULL OR wake_at <= now() OR cancel_requested_at IS NOT NULL)
    RETURNING {", ".join(Claimed._fields[:-1])}, clock_timestamp()
    """.strip(),
    Claimed._make,
)

# What the transaction does to rows is told as what a run did, so that no workflow starts itself for ever.
HOLD: Statement[bool] = Statement(
    f"""
    SELECT cancel_requested_at IS NOT NULL, set_config('{CHAIN}', (1 + CASE
        WHEN jsonb_typeof(trigger_data->'chain') = 'number' AND trigger IN ('event', 'state_change')
        THEN least((trigger_data->>'chain')::numeric, 1000)::integer ELSE 0 END)::text, true)
    FROM workflow_executions
    WHERE id = %(id)s AND claim = %(claim)s AND completed_at IS NULL FOR UPDATE
    """.strip(),
    lambda row: bool(row[0]),
    writes=True,
)

# What kept the worker from it was no fault of the run.
RELEASE: Statement[str] = Statement(
    "UPDATE workflow_executions SET stalls = greatest(stalls - 1, 0) WHERE id = %(id)s AND claim = %(claim)s"
    " RETURNING id",
    lambda row: str(row[0]),
)

WAIT: Statement[str] = Statement(
    """
    UPDATE workflow_executions SET status = 'waiting', wake_at = %(wake_at)s, stalls = 0
    WHERE id = %(id)s AND claim = %(claim)s AND completed_at IS NULL RETURNING id
    """.strip(),
    lambda row: str(row[0]),
)

# The next run that waits for its turn is woken along, if the workflow runs some at a time; one that lies on
# the queue already needs no waking, and would keep the one behind it asleep.
END: Statement[str] = Statement(
    f"""
    WITH ended AS (
        UPDATE workflow_executions SET status = %(status)s, result = %(result)s,
            error = coalesce(%(error)s, error), node_id = coalesce(%(node_id)s, node_id),
            dead = %(dead)s, completed_at = clock_timestamp(), wake_at = NULL
        WHERE id = %(id)s AND claim = %(claim)s AND completed_at IS NULL RETURNING id, workflow_id
    ), next AS (
        SELECT run.id FROM workflow_executions AS run JOIN ended USING (workflow_id)
        WHERE run.status = 'pending' AND run.completed_at IS NULL AND %(others_wait)s AND NOT EXISTS (
            SELECT FROM procrastinate.procrastinate_jobs AS job
            WHERE job.lock = run.id::text AND job.status = 'todo'
        )
        ORDER BY run.started_at, run.id LIMIT 1
    ), woken AS (SELECT job FROM next, LATERAL {defer_advance("next.id")} AS job)
    SELECT ended.id, (SELECT count(*) FROM woken) FROM ended
    """.strip(),
    lambda row: str(row[0]),
    writes=True,
)

# Due waits, runs that somebody cancels while they wait, and runs that lie there without a job.
WAKE: Statement[str] = Statement(
    f"""
    WITH due AS (
        SELECT id FROM workflow_executions
        WHERE wake_at IS NOT NULL AND wake_at <= now() AND completed_at IS NULL AND status = 'waiting'
        ORDER BY wake_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED
    ), woken AS (
        UPDATE workflow_executions AS run SET wake_at = NULL FROM due WHERE run.id = due.id RETURNING run.id
    )
    SELECT woken.id FROM woken, LATERAL {defer_advance("woken.id")} AS job
    """.strip(),
    lambda row: str(row[0]),
    writes=True,
)

# As a span of time: the clocks of machines differ.
NEXT_WAKE: Statement[timedelta | None] = Statement(
    """
    SELECT min(wake_at) - clock_timestamp() FROM workflow_executions
    WHERE wake_at IS NOT NULL AND completed_at IS NULL AND status = 'waiting'
    """.strip(),
    lambda row: row[0],
)

# Those that have lost their job: written by plain SQL, woken and not taken up, or left by a broken queue.
STRAY: Statement[str] = Statement(
    f"""
    WITH stray AS (
        SELECT run.id FROM workflow_executions AS run
        WHERE run.completed_at IS NULL AND run.wake_at IS NULL AND run.version IS NOT NULL
            AND run.started_at < now() - %(age)s::interval
            AND (run.status <> 'pending' OR NOT EXISTS (
                SELECT FROM workflow_executions AS other
                WHERE other.workflow_id = run.workflow_id AND other.completed_at IS NULL
                    AND other.status <> 'pending'
            ))
            AND NOT EXISTS (
                SELECT FROM procrastinate.procrastinate_jobs AS job
                WHERE job.lock = run.id::text AND job.status IN ('todo', 'doing')
            )
        ORDER BY run.started_at LIMIT %(limit)s
    )
    SELECT stray.id FROM stray, LATERAL {defer_advance("stray.id")} AS job
    """.strip(),
    lambda row: str(row[0]),
    writes=True,
)

# Jobs that the queue believes to be with a worker.
HELD: Statement[int] = Statement(
    "SELECT id FROM procrastinate.procrastinate_jobs WHERE status = 'doing' AND worker_id = %(worker_id)s",
    lambda row: int(row[0]),
)

CANCEL: Statement[WorkflowExecutionRow] = Statement(
    f"""
    WITH run AS (
        UPDATE workflow_executions
        SET cancel_requested_at = coalesce(cancel_requested_at, now()), error = coalesce(error, %(reason)s)
        WHERE id = ANY(%(keys)s::uuid[]) AND completed_at IS NULL RETURNING *
    )
    SELECT {LISTED} FROM run, LATERAL {defer_advance("run.id")} AS job
    """.strip(),
    RECORD,
    writes=True,
)

CANCELLED: Statement[str] = Statement(
    """
    SELECT id FROM workflow_executions
    WHERE id = ANY(%(keys)s::uuid[]) AND (cancel_requested_at IS NOT NULL OR completed_at IS NOT NULL)
    """.strip(),
    lambda row: str(row[0]),
)

ACTIVE: Statement[str] = Statement(
    """
    SELECT id FROM workflow_executions
    WHERE workflow_id = %(workflow_id)s AND completed_at IS NULL
        AND (%(but)s::uuid IS NULL OR id <> %(but)s::uuid)
        AND (CASE WHEN %(pending)s THEN cancel_requested_at IS NULL ELSE status <> 'pending' END)
    ORDER BY started_at, id LIMIT 1000
    """.strip(),
    lambda row: str(row[0]),
)

STARTED_BY: Statement[str] = Statement(
    "SELECT id FROM workflow_executions WHERE workflow_id = %(workflow_id)s AND dedup_key = %(dedup_key)s",
    lambda row: str(row[0]),
)

OLD: Statement[str] = Statement(
    """
    DELETE FROM workflow_executions WHERE id IN (
        SELECT id FROM workflow_executions WHERE completed_at < now() - %(age)s::interval
        ORDER BY completed_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED
    ) RETURNING id
    """.strip(),
    lambda row: str(row[0]),
)
