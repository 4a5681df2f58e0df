"""
The queue of jobs: a worker's connections to it, and how our own statements put jobs on it.

A job that a statement puts there is there if and only if its cause is.
"""

from typing import Final

from psycopg_pool import AsyncConnectionPool

SCHEMA: Final = "procrastinate"
"""Where the queue's own tables are."""

QUEUE: Final = "workflows"
ADVANCE: Final = "advance_run"
"""The task that takes a run on; its argument ``execution_id`` is the run."""


def make_pool(conninfo: str) -> AsyncConnectionPool:
    """
    Connections of a worker of the queue, not yet open: one listens, one fetches, one notes.

    The library would leave a pool of its own half open where it is cancelled in opening.
    """
    return AsyncConnectionPool(
        conninfo,
        min_size=3,
        max_size=3,
        open=False,
        check=AsyncConnectionPool.check_connection,
        kwargs={"options": f"-c search_path={SCHEMA}", "application_name": "ecoctrl jobs"},
    )


def defer_advance(run: str) -> str:
    """The SQL expression that puts a job on the queue for the run whose id is the SQL expression ``run``."""
    return (
        "procrastinate.procrastinate_defer_jobs_v1(ARRAY[ROW("
        f"'{QUEUE}', '{ADVANCE}', 0, ({run})::text, NULL, jsonb_build_object('execution_id', {run}), NULL"
        ")::procrastinate.procrastinate_job_to_defer_v1])"
    )
