"""What the statements of concurrent requests share, and what they must not."""

import asyncio
from datetime import UTC, datetime

import pytest

from ecoctrl_gql.db import queues
from ecoctrl_gql.db.conditions import EVERYTHING, Compare, Operator
from ecoctrl_gql.db.database import Database
from ecoctrl_gql.db.keyset import Order, Window
from ecoctrl_gql.db.statements import Statement, most_joined
from ecoctrl_gql.errors import BadInputError, TimedOutError, UnavailableError


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


NEWEST = Window(Order("time", descending=True), limit=3)


def latest(db, device):
    return db.repositories().alerts.page(NEWEST, Compare("device", Operator.EQ, device))


async def five_alerts_of_each(make, devices):
    for minute in range(5):
        for device in devices:
            await make.alert(device=device, time=datetime(2026, 6, 1, 12, minute, tzinfo=UTC))


async def test_short_lists_of_several_requests_come_in_one_statement_a_connection(db, make):
    devices = [f"Chiller {number}" for number in range(6)]
    await five_alerts_of_each(make, devices)
    db.statements.clear()

    pages = await asyncio.gather(*(latest(db, device) for device in [*devices, "none", devices[0]]))

    for device, page in zip([*devices, "none", devices[0]], pages, strict=True):
        wanted = [] if device == "none" else [(device, minute) for minute in (4, 3, 2)]
        assert [(alert.device, alert.time.minute) for alert in page.records] == wanted
        assert page.has_next is (device != "none")
    assert len(db.statements) == 2  # half of the pool


async def test_more_lists_than_one_statement_takes_fill_several(db, make):
    devices = [f"Chiller {number}" for number in range(40)]
    await five_alerts_of_each(make, devices[:2])
    db.statements.clear()

    pages = await asyncio.gather(*(latest(db, device) for device in devices))

    assert [len(page.records) for page in pages] == [3, 3] + [0] * 38
    assert len(db.statements) <= 8  # and not one for each that found the first statements full


async def test_a_list_that_is_asked_for_alone_is_its_own_statement(db, make):
    await five_alerts_of_each(make, ["Chiller"])
    db.statements.clear()

    await latest(db, "Chiller")

    assert "UNION" not in db.statements[0]


async def test_long_lists_are_not_asked_for_together(db, make):
    await make.alert(device="a")
    db.statements.clear()
    window = Window(NEWEST.order, limit=200)

    pages = await asyncio.gather(
        *(db.repositories().alerts.page(window, Compare("device", Operator.EQ, name)) for name in "abc")
    )

    assert [len(page.records) for page in pages] == [1, 0, 0]
    assert len(db.statements) == 3


async def test_a_list_that_is_refused_takes_nothing_from_the_others(db, make):
    await five_alerts_of_each(make, ["a", "b"])

    results = await asyncio.gather(
        *(latest(db, device) for device in ("a", "b", "nul \0", "a", "c")), return_exceptions=True
    )

    assert [type(result) is BadInputError for result in results] == [False, False, True, False, False]
    assert [len(page.records) for page in results if not isinstance(page, BaseException)] == [3, 3, 3, 0]


async def test_who_gives_a_list_up_takes_it_from_nobody(db, make):
    await five_alerts_of_each(make, ["a", "b"])
    given_up = [asyncio.ensure_future(latest(db, device)) for device in "aabb"]
    kept = [asyncio.ensure_future(latest(db, device)) for device in "abab"]
    await asyncio.sleep(0)
    for each in given_up:
        each.cancel()

    assert [page.records[0].device for page in await asyncio.gather(*kept)] == ["a", "b", "a", "b"]


async def test_slow_statements_hold_no_others_up(database_url):
    """They have the connections that begin at once; a third joins in."""
    db = Database(database_url, pool_size=8)
    await db.open()

    def ask(seconds):
        return asyncio.ensure_future(db.fetch(Statement("SELECT pg_sleep(%(s)s)", tuple), {"s": seconds}))

    slow, quick = [ask(3.0), ask(3.1)], ask(0.0)
    done, _ = await asyncio.wait({*slow, quick}, return_when=asyncio.FIRST_COMPLETED)
    await asyncio.gather(*slow)
    await db.close()

    assert done == {quick}


async def test_a_list_that_takes_too_long_takes_no_other_along(database_url):
    db = Database(database_url, pool_size=2, statement_timeout_s=0.5)
    await db.open()
    sleep = Statement("SELECT pg_sleep(%(s)s)::text AS slept", lambda row: row[0])

    results = await asyncio.gather(
        *(db.fetch_short(sleep, {"s": seconds}) for seconds in (0.0, 5.0, 0.001)), return_exceptions=True
    )
    await db.close()

    assert [results[0], type(results[1]), results[2]] == [[""], TimedOutError, [""]]


async def test_quick_statements_begin_on_few_connections(db, database_url, make):
    """Those that come while two are at work wait a moment for one of them, so that they can be shared."""
    alerts = [await make.alert(device=f"Chiller {number}") for number in range(3)]
    db.statements.clear()
    repos = db.repositories().alerts
    first = asyncio.ensure_future(repos.get(alerts[0].id))
    while not db.statements:
        await asyncio.sleep(0)
    second = asyncio.ensure_future(repos.count())
    while len(db.statements) < 2:
        await asyncio.sleep(0)

    found = await asyncio.gather(first, second, repos.get(alerts[1].id), repos.get(alerts[2].id))

    assert [found[2].device, found[3].device] == ["Chiller 1", "Chiller 2"]
    assert len(db.statements) == 3


async def test_the_database_closes_behind_the_statements_at_work(database_url, db):
    """A statement whose request has gone goes on; its connection would be left open."""
    ending = Database(database_url, pool_size=4)
    await ending.open()
    ask = Statement("SELECT pg_sleep(%(s)s)::text", lambda row: row[0])
    given_up = asyncio.ensure_future(ending.fetch(ask, {"s": 0.3}))
    await asyncio.sleep(0.1)
    given_up.cancel()
    asked = [asyncio.ensure_future(ending.fetch(ask, {"s": seconds})) for seconds in (0.2, 0.21, 0.22)]
    await asyncio.sleep(0)

    await ending.close()

    assert [await each for each in asked] == [[""]] * 3
    others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state = 'active'"
    assert await db.fetch(Statement(others, lambda row: row[0]), {}) == [1]


async def test_a_statement_that_takes_too_long_is_ended_with_the_database(database_url, monkeypatch):
    monkeypatch.setattr(queues, "END_WITHIN_S", 0.1)
    ending = Database(database_url, pool_size=2)
    await ending.open()
    ask = Statement("SELECT pg_sleep(%(s)s)::text", lambda row: row[0])
    slow = asyncio.ensure_future(ending.fetch(ask, {"s": 60.0}))
    await asyncio.sleep(0.1)
    waiting = asyncio.ensure_future(ending.fetch(ask, {"s": 0.0}))
    await asyncio.sleep(0)

    async with asyncio.timeout(20):
        await ending.close()
        with pytest.raises(UnavailableError):
            await waiting
    slow.cancel()


def test_no_statement_gets_longer_than_the_driver_remembers():
    short = Statement("SELECT a FROM b WHERE c = %(p0)s", tuple)
    many = ", ".join(f"%(p{index})s" for index in range(20))
    long = Statement("SELECT a FROM b WHERE c IN (MANY)".replace("MANY", many), tuple)

    assert most_joined(short) == 8
    assert most_joined(long) == 2
    assert most_joined(Statement("SELECT " + "a" * 5_000, tuple)) == 1
