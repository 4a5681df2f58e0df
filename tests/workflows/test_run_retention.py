"""Runs that ended long ago are removed."""

from datetime import UTC, datetime, timedelta

import pytest

from ecoctrl_gql.db.enums import ExecutionStatus
from ecoctrl_gql.workflows import retention
from ecoctrl_gql.workflows.retention import RunRetention


@pytest.fixture
async def runs(make):
    """Runs that ended so many days ago, and one that goes on."""
    workflow = await make.workflow()
    now, made = datetime.now(UTC), {}
    for days in (100, 91, 89, 1):
        end = now - timedelta(days=days)
        run = await make.workflow_execution(
            workflow_id=workflow.id, status=ExecutionStatus.COMPLETED, started_at=end, completed_at=end
        )
        made[run.id] = days
    waiting = await make.workflow_execution(
        workflow_id=workflow.id,
        status=ExecutionStatus.WAITING,
        started_at=now - timedelta(days=200),
        completed_at=None,
    )
    return made | {waiting.id: "waiting"}


async def left(db, runs):
    rows = await db.repositories().workflow_executions.all("started_at")
    return [runs[row.id] for row in rows]


async def test_what_ended_long_ago_goes(db, runs, monkeypatch):
    monkeypatch.setattr(retention, "BATCH", 1)

    removed = await RunRetention(db, 90).trim()

    assert removed == 2
    assert await left(db, runs) == ["waiting", 89, 1]


async def test_everything_may_be_kept(db, runs):
    keeper = RunRetention(db, 0)
    keeper.start()

    assert await keeper.trim() == 0
    await keeper.stop()
    assert len(await left(db, runs)) == 5


async def test_journals_go_with_their_runs(db, make, runs):
    old = next(run for run, days in runs.items() if days == 100)
    step = "INSERT INTO workflow_steps (execution_id, path, node_id, node_type, status)"
    async with db.connection() as connection:
        await connection.execute(f"{step} VALUES (%s, 'a', 'a', 'start', 'completed')", [old])

    await RunRetention(db, 90).trim()

    async with db.connection() as connection:
        rows = await connection.execute("SELECT count(*) FROM workflow_steps")
        assert await rows.fetchone() == (0,)
