"""The figures about faults: of a stretch of time, and the snapshot of all."""

from datetime import UTC, datetime, timedelta

import pytest

from ecoctrl_gql.faults.service import refresh_snapshot
from tests.factories import NOON

FIELDS = "totalCount trend trendPercent mttr meanRepairHours avgResponseTime meanResponseMinutes"
STATS = """
query($from: DateTime, $to: DateTime) { faultStats(from: $from, to: $to) { id from to FIELDS } }
""".replace("FIELDS", FIELDS)
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
NOTHING = {
    "totalCount": 0,
    "trend": "0%",
    "trendPercent": None,
    "mttr": 0,
    "meanRepairHours": None,
    "avgResponseTime": "0min",
    "meanResponseMinutes": None,
}


async def fault(make, time, *steps, status="open"):
    """A fault that takes a step to a status each time that is given, so much later."""
    made, before = await make.fault(time=time, status=status), "open"
    for after, to in steps:
        await make.fault_change(fault_id=made.id, from_status=before, to_status=to, changed_at=time + after)
        before = to
    return made


async def stats(gql, start=None, end=None):
    answer = await gql(STATS, **{"from": start and start.isoformat(), "to": end and end.isoformat()})
    assert answer.errors == []
    return answer.data["faultStats"]


def figures(found):
    return {name: found[name] for name in NOTHING}


async def test_the_figures_of_a_stretch_follow_their_formulas(gql, make):
    repaired = [(20 * MINUTE, "in_maintenance"), (4 * HOUR, "fixed")]
    reopened = [
        *((40 * MINUTE, "in_maintenance"), (HOUR, "fixed"), (2 * HOUR, "open")),
        *((3 * HOUR, "in_maintenance"), (8 * HOUR, "fixed")),
    ]
    await fault(make, NOON, *repaired, status="fixed")
    await fault(make, NOON + HOUR, *reopened, status="fixed")
    await fault(make, NOON + DAY - MINUTE, (90 * MINUTE, "in_maintenance"), status="in_maintenance")
    await fault(make, NOON + 2 * HOUR)
    await fault(make, NOON + DAY, *repaired, status="fixed")  # the end does not belong to it
    for hours in (1, 24):
        await fault(make, NOON - hours * HOUR, *repaired, status="fixed")
    await fault(make, NOON - DAY - MINUTE)

    found = await stats(gql, NOON, NOON + DAY)

    assert len(gql.statements) == 1
    assert figures(found) == {
        "totalCount": 4,
        "trend": "+100%",
        "trendPercent": 100,
        "mttr": 6,
        "meanRepairHours": 6,  # (4 h + 8 h) / 2
        "avgResponseTime": "50min",
        "meanResponseMinutes": 50,  # (20 + 40 + 90) / 3
    }
    assert (found["from"], found["to"]) == (NOON.isoformat(), (NOON + DAY).isoformat())


async def test_where_nothing_happened_nothing_is_made_up(gql):
    assert figures(await stats(gql, NOON, NOON + DAY)) == NOTHING


async def test_a_repair_that_nobody_noted_counts_for_no_mean(gql, make):
    await fault(make, NOON, status="fixed")
    await fault(make, NOON, status="in_maintenance")

    assert figures(await stats(gql, NOON, NOON + DAY)) == NOTHING | {"totalCount": 2}


async def test_a_reopened_fault_is_not_repaired(gql, make):
    await fault(
        make, NOON, (10 * MINUTE, "in_maintenance"), (HOUR, "fixed"), (2 * HOUR, "open"), status="open"
    )

    found = await stats(gql, NOON, NOON + DAY)

    assert (found["meanRepairHours"], found["mttr"], found["meanResponseMinutes"]) == (None, 0, 10)


@pytest.mark.parametrize(
    ("recent", "before", "trend", "percent"),
    [
        (1, 3, "-67%", pytest.approx(-66.667, abs=0.001)),
        (2, 2, "0%", 0),
        (0, 2, "-100%", -100),
        (3, 0, "0%", None),
    ],
)
async def test_the_trend_compares_with_the_stretch_before(recent, before, trend, percent, gql, make):
    for _ in range(recent):
        await fault(make, NOON)
    for _ in range(before):
        await fault(make, NOON - DAY)

    found = await stats(gql, NOON, NOON + DAY)

    assert (found["trend"], found["trendPercent"]) == (trend, percent)


async def test_a_stretch_ends_now_unless_told_otherwise(gql, make):
    await fault(make, datetime.now(UTC) - MINUTE)

    found = await stats(gql, datetime.now(UTC) - HOUR)

    assert found["totalCount"] == 1
    assert datetime.now(UTC) - datetime.fromisoformat(found["to"]) < MINUTE


async def test_figures_of_different_stretches_have_different_ids_that_lead_to_them(gql, make):
    await fault(make, NOON)
    await make.fault_stats()
    found = [await stats(gql), await stats(gql, NOON, NOON + DAY), await stats(gql, NOON, NOON + HOUR)]

    assert len({each["id"] for each in found}) == 3
    node = "query($id: ID!) { node(id: $id) { id ... on FaultStats { from to FIELDS databaseId } } }"
    for each in found:
        again = (await gql(node.replace("FIELDS", FIELDS), id=each["id"])).data["node"]
        assert again.pop("databaseId") is not None
        assert again == each


@pytest.mark.parametrize(
    "stretch",
    [
        "x~y",
        "~",
        "20260601T000000.000000",
        "20260602T000000.000000~20260601T000000.000000",
        "00010101T000000.000000~99991231T000000.000000",
    ],
)
async def test_an_id_that_is_none_is_told(stretch, gql):
    answer = await gql("query($id: ID!) { node(id: $id) { id } }", id=f"fault_stats_{stretch}")

    assert answer.codes == ["BAD_USER_INPUT"]


@pytest.mark.parametrize(
    ("start", "end", "message"),
    [
        (NOON, NOON, "from must lie before to."),
        (NOON, NOON - DAY, "from must lie before to."),
        (None, NOON, "Give from as well: the figures are about the time from then on."),
        (NOON.replace(year=1969), NOON, "from must lie in the years 1970 to 2199."),
        (NOON, NOON.replace(year=9999), "to must lie in the years 1970 to 2199."),
    ],
)
async def test_a_stretch_that_is_none_is_refused(start, end, message, gql):
    answer = await gql(STATS, **{"from": start and start.isoformat(), "to": end and end.isoformat()})

    assert [(error["message"], error["extensions"]["code"]) for error in answer.errors] == [
        (message, "BAD_USER_INPUT")
    ]
    assert gql.statements == []


# -- the snapshot


async def test_before_the_first_fault_there_is_no_snapshot(gql):
    assert await stats(gql) is None


async def test_the_snapshot_is_in_step_with_every_change(gql, make):
    gql.act_as_user(await make.user(role="operator"))
    create = 'mutation { createFault(input: {device: "Pump", level: NOTICE}) { fault { id } } }'
    move = (
        "mutation($id: ID!, $to: FaultStatus!) { moveFault(input: {id: $id, status: $to}) { fault { id } } }"
    )
    update = (
        "mutation($id: ID!, $time: DateTime) { updateFault(input: {id: $id, time: $time}) { fault { id } } }"
    )

    await gql(create)
    id_ = (await gql(create)).data["createFault"]["fault"]["id"]
    assert figures(await stats(gql)) == NOTHING | {"totalCount": 2}
    earlier = (datetime.now(UTC) - 2 * HOUR).isoformat()
    await gql(update, id=id_, time=earlier)
    await gql(move, id=id_, to="IN_MAINTENANCE")
    found = await stats(gql)
    assert (found["avgResponseTime"], found["meanRepairHours"]) == ("120min", None)
    await gql(move, id=id_, to="FIXED")

    found = await stats(gql)
    assert found["meanRepairHours"] == pytest.approx(2, abs=0.01)
    assert (found["mttr"], found["trend"], found["from"], found["to"]) == (2, "0%", None, None)


async def test_the_daily_refresh_notices_what_other_programs_did(gql, db, make):
    now = datetime.now(UTC)
    for days in (1, 2, 31, 32, 33, 59, 300):
        await fault(make, now - days * DAY)
    async with db.transaction() as repos:
        await refresh_snapshot(repos, now.date())

    assert figures(await stats(gql)) == NOTHING | {"totalCount": 7, "trend": "-50%", "trendPercent": -50}
