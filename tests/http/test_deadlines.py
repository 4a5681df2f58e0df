"""Deadlines of many requests on one timer."""

import asyncio
import time

import pytest

from ecoctrl_gql.http.deadline import Deadlines


async def test_each_task_is_stopped_when_its_own_time_is_over():
    deadlines = Deadlines(0.2)
    began: list[float] = []
    lasted: list[float] = []

    async def run() -> None:
        began.append(time.monotonic())
        mine = began[-1]
        with pytest.raises(TimeoutError), deadlines.start() as deadline:
            await asyncio.sleep(20)
        lasted.append(time.monotonic() - mine)
        assert deadline.passed

    tasks = []
    for _ in range(3):
        tasks.append(asyncio.create_task(run()))
        await asyncio.sleep(0.05)
    await asyncio.gather(*tasks)

    assert len(lasted) == 3
    assert min(lasted) > 0.15


async def test_what_ends_in_time_or_has_no_deadline_any_more_is_left_alone():
    deadlines = Deadlines(0.1)
    with deadlines.start() as in_time:
        await asyncio.sleep(0)
    with deadlines.start() as lifted:
        lifted.lift()
        await asyncio.sleep(0.3)

    assert (in_time.passed, lifted.passed) == (False, False)


async def test_deadlines_hold_again_after_a_while_without_requests():
    deadlines = Deadlines(0.1)
    for _ in range(2):
        with pytest.raises(TimeoutError), deadlines.start():
            await asyncio.sleep(20)
        await asyncio.sleep(0.15)


async def test_a_cancellation_by_somebody_else_stays_one():
    deadlines = Deadlines(20)

    async def run() -> None:
        with deadlines.start():
            await asyncio.sleep(20)

    task = asyncio.create_task(run())
    await asyncio.sleep(0)
    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await task


async def test_an_error_that_comes_first_is_told():
    with pytest.raises(KeyError), Deadlines(20).start():
        raise KeyError


async def test_a_task_that_was_stopped_can_go_on():
    with pytest.raises(TimeoutError), Deadlines(0.05).start():
        await asyncio.sleep(20)
    await asyncio.sleep(0)  # would raise were the task still to be cancelled

    task = asyncio.current_task()
    assert task is not None
    assert task.cancelling() == 0
