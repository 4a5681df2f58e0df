"""What the statements of concurrent requests share, and what they must not."""

import asyncio

import pytest

from ecoctrl_gql.db.conditions import EVERYTHING
from ecoctrl_gql.errors import BadInputError


async def test_rows_that_several_requests_want_by_key_come_in_one_statement(db, make):
    alerts = [await make.alert(device=f"Chiller {number}") for number in range(5)]
    db.statements.clear()

    found = await asyncio.gather(*(db.repositories().alerts.get(alert.id) for alert in alerts))

    assert [alert.device for alert in found] == [f"Chiller {number}" for number in range(5)]
    assert len(db.statements) == 1


async def test_a_read_that_waits_is_not_asked_twice(db, make):
    await make.alert()
    db.statements.clear()

    counts = await asyncio.gather(*(db.repositories().alerts.count(EVERYTHING) for _ in range(5)))

    assert counts == [1] * 5
    assert len(db.statements) == 1


async def test_a_request_that_gives_up_takes_nothing_from_the_others(db, make):
    first, second = await make.alert(), await make.alert()
    given_up = asyncio.ensure_future(db.repositories().alerts.get(first.id))
    kept = asyncio.ensure_future(db.repositories().alerts.get(second.id))
    await asyncio.sleep(0)
    given_up.cancel()

    assert (await kept).id == second.id
    with pytest.raises(asyncio.CancelledError):
        await given_up


async def test_equal_writes_are_each_carried_out_and_fail_alone(db):
    def create(device):
        return db.repositories().alerts.create(device=device, level="low", message="m")

    results = await asyncio.gather(create("a"), create("a"), create("x" * 300), return_exceptions=True)

    assert [type(result) is BadInputError for result in results] == [False, False, True]
    assert await db.repositories().alerts.count() == 2
