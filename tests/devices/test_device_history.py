"""The alerts and faults of a device in one list."""

from datetime import timedelta

import pytest

from ecoctrl_gql.db.enums import Role
from tests.factories import NOON

QUERY = """
query($device: String!, $first: Int, $after: String, $last: Int, $before: String) {
  deviceHistory(device: $device, first: $first, after: $after, last: $last, before: $before) {
    totalCount
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    edges {
      cursor
      node { __typename ... on Alert { id time message status } ... on Fault { id time level description } }
    }
  }
}
"""


@pytest.fixture
async def events(make):
    """The ids of what happened to Pump 2, newest first; some of it at the same moment."""
    made = []
    for number in range(12):
        factory = make.alert if number % 3 else make.fault
        row = await factory(device="Pump 2", time=NOON + timedelta(minutes=number // 4))
        made.append((row.time, row.id, "alert" if number % 3 else "fault"))
        await factory(device="Pump 3")
    return [f"{kind}_{key}" for _, key, kind in sorted(made, reverse=True)]


async def page(gql, **arguments):
    answer = await gql(QUERY, device="Pump 2", **arguments)
    assert answer.errors == []
    return answer.data["deviceHistory"]


def ids(found):
    return [edge["node"]["id"] for edge in found["edges"]]


async def test_both_kinds_are_in_one_order(gql, events):
    found = await page(gql)

    assert ids(found) == events
    assert found["totalCount"] == 12
    assert len(gql.statements) == 4  # a page and a count of each kind
    newest = found["edges"][0]["node"]
    assert newest["time"] == (NOON + timedelta(minutes=2)).isoformat()
    kinds = {edge["node"]["__typename"]: set(edge["node"]) for edge in found["edges"]}
    assert kinds == {
        "Alert": {"__typename", "id", "time", "message", "status"},
        "Fault": {"__typename", "id", "time", "level", "description"},
    }


@pytest.mark.parametrize("size", [1, 2, 5, 11, 12])
async def test_pages_leave_nothing_out_and_repeat_nothing(size, gql, events):
    seen, after = [], None
    while True:
        found = await page(gql, first=size, after=after)
        seen += ids(found)
        assert found["pageInfo"]["hasPreviousPage"] is (after is not None)
        after = found["pageInfo"]["endCursor"]
        if not found["pageInfo"]["hasNextPage"]:
            break

    assert seen == events


@pytest.mark.parametrize("size", [1, 5, 12])
async def test_the_list_is_read_backward_as_well(size, gql, events):
    seen, before = [], None
    while True:
        found = await page(gql, last=size, before=before)
        seen = ids(found) + seen
        before = found["pageInfo"]["startCursor"]
        if not found["pageInfo"]["hasPreviousPage"]:
            break

    assert seen == events


async def test_a_stretch_between_two_places(gql, events):
    cursors = [edge["cursor"] for edge in (await page(gql))["edges"]]

    found = await page(gql, after=cursors[2], before=cursors[7])

    assert ids(found) == events[3:7]
    assert (await page(gql, first=0))["edges"] == []
    assert (await page(gql, last=0))["edges"] == []


async def test_a_device_of_which_nobody_heard_has_no_history(gql, events):
    answer = await gql(QUERY, device="pump 2")

    assert answer.data["deviceHistory"]["edges"] == []
    assert answer.data["deviceHistory"]["totalCount"] == 0


@pytest.mark.parametrize(
    "arguments", [{"first": 1001}, {"first": -1}, {"first": 1, "last": 1}, {"after": "x"}, {"before": "e30"}]
)
async def test_arguments_that_cannot_be_used_are_refused(arguments, gql):
    answer = await gql(QUERY, device="Pump 2", **arguments)

    assert answer.codes == ["BAD_USER_INPUT"]
    assert gql.statements == []


async def test_whoever_reads_operations_reads_it(gql, events):
    gql.act_as(None)
    assert set((await gql(QUERY, device="Pump 2")).codes) == {"UNAUTHENTICATED"}
    gql.act_as(Role.VIEWER)
    assert ids(await page(gql)) == events
