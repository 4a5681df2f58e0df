"""A worker ends when it is told to, also where the cancellation is lost on the way."""

import asyncio
from contextlib import suppress

import procrastinate
import psycopg
import pytest
from psycopg_pool import AsyncConnectionPool

OPEN_CONNECTIONS = (
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE application_name = 'ecoctrl jobs' AND datname = current_database()"
)


def lose_cancellation_in(monkeypatch: pytest.MonkeyPatch, owner: type, name: str) -> asyncio.Event:
    """Let a method end as if nothing were, where it is cancelled; the event tells that it was called."""
    original, reached = getattr(owner, name), asyncio.Event()

    async def losing(self, *args, **kwargs):
        answer = await original(self, *args, **kwargs)
        reached.set()
        with suppress(asyncio.CancelledError):
            await asyncio.sleep(3600)
        return answer

    monkeypatch.setattr(owner, name, losing)
    return reached


@pytest.mark.parametrize(
    ("owner", "name"),
    [
        pytest.param(AsyncConnectionPool, "wait", id="opening"),
        pytest.param(procrastinate.manager.JobManager, "prune_stalled_workers", id="pruning"),
        pytest.param(procrastinate.manager.JobManager, "register_worker", id="registering"),
    ],
)
async def test_a_worker_ends_where_a_cancellation_is_lost(owner, name, monkeypatch, working, database_url):
    reached = lose_cancellation_in(monkeypatch, owner, name)

    async with asyncio.timeout(30):
        async with working():
            await reached.wait()

    with psycopg.connect(database_url, autocommit=True) as connection:
        async with asyncio.timeout(10):  # the database takes a moment to end what we have closed
            while connection.execute(OPEN_CONNECTIONS).fetchone() != (0,):
                await asyncio.sleep(0.05)
