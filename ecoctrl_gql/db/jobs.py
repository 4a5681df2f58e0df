"""Putting jobs on the queue from our own statements, so that a job is there if and only if its cause is."""

from typing import Final

SCHEMA: Final = "procrastinate"
"""Where the queue's own tables are."""

QUEUE: Final = "workflows"
ADVANCE: Final = "advance_run"
"""The task that takes a run on; its argument ``execution_id`` is the run."""


def defer_advance(run: str) -> str:
    """The SQL expression that puts a job on the queue for the run whose id is the SQL expression ``run``."""
    return (
        "procrastinate.procrastinate_defer_jobs_v1(ARRAY[ROW("
        f"'{QUEUE}', '{ADVANCE}', 0, ({run})::text, NULL, jsonb_build_object('execution_id', {run}), NULL"
        ")::procrastinate.procrastinate_job_to_defer_v1])"
    )
