"""Ending what runs in the background."""

import asyncio
from contextlib import suppress

import pytest

from ecoctrl_gql import tasks


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    monkeypatch.setattr(tasks, "ASK_AGAIN_S", 0.01)


async def forever() -> None:
    await asyncio.Event().wait()


async def test_a_task_that_loses_a_cancellation_is_asked_again():
    async def losing() -> None:
        with suppress(asyncio.CancelledError):
            await forever()
        await forever()

    task = asyncio.create_task(losing())
    await asyncio.sleep(0)

    await tasks.end(task)

    assert task.cancelled()


async def test_all_tasks_are_ended_whatever_they_end_with():
    async def failing() -> None:
        try:
            await forever()
        finally:
            raise ValueError("as it ended")

    waiting, failed = asyncio.create_task(forever()), asyncio.create_task(failing())
    await asyncio.sleep(0)

    await tasks.end(waiting, None, failed)

    assert waiting.cancelled()
    assert isinstance(failed.exception(), ValueError)


async def test_there_may_be_nothing_to_end():
    await tasks.end(None)
