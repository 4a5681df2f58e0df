"""How many alerts there are, by level and status."""

import pytest

from ecoctrl_gql.db.enums import Role

COUNTS = """
query($filter: AlertFilter) {
  alertCounts(filter: $filter) {
    total byLevel { level count } byStatus { status count } byLevelAndStatus { level status count }
  }
}
"""


@pytest.fixture
async def alerts(make):
    user = await make.user()
    for level, status, count in (("high", "pending", 3), ("high", "resolved", 1), ("low", "pending", 2)):
        for number in range(count):
            await make.alert(
                level=level, status=status, device=f"Pump {number}", assignee_id=user.id if number else None
            )
    return user


async def counts(gql, filter=None):
    answer = await gql(COUNTS, filter=filter)
    assert answer.errors == []
    assert len(gql.statements) == 1
    return answer.data["alertCounts"]


async def test_all_are_counted_in_one_statement(gql, alerts):
    found = await counts(gql)

    assert found["total"] == 6
    assert found["byLevel"] == [
        {"level": "HIGH", "count": 4},
        {"level": "MEDIUM", "count": 0},
        {"level": "LOW", "count": 2},
    ]
    assert found["byStatus"] == [
        {"status": "PENDING", "count": 5},
        {"status": "ACKNOWLEDGED", "count": 0},
        {"status": "RESOLVED", "count": 1},
    ]
    both = {(row["level"], row["status"]): row["count"] for row in found["byLevelAndStatus"]}
    assert len(both) == 9
    assert {pair: count for pair, count in both.items() if count} == {
        ("HIGH", "PENDING"): 3,
        ("HIGH", "RESOLVED"): 1,
        ("LOW", "PENDING"): 2,
    }


@pytest.mark.parametrize(
    ("filter", "total"),
    [
        ({}, 6),
        ({"device": {"eq": "Pump 1"}}, 2),
        ({"or": [{"level": {"eq": "LOW"}}, {"status": {"eq": "RESOLVED"}}]}, 3),
        ({"not": {"assigneeId": {"isNull": True}}}, 3),
        ({"level": {"eq": "MEDIUM"}}, 0),
    ],
)
async def test_a_filter_counts(filter, total, gql, alerts):
    found = await counts(gql, filter)

    assert found["total"] == total
    assert sum(row["count"] for row in found["byLevelAndStatus"]) == total


async def test_the_list_can_be_asked_for_what_somebody_has_to_do(gql, alerts):
    answer = await gql(
        "query($id: ID!) { alerts(filter: {assigneeId: {eq: $id}, status: {ne: RESOLVED}}) { totalCount } }",
        id=f"user_{alerts.id}",
    )

    assert answer.data["alerts"]["totalCount"] == 3


async def test_nobody_without_a_login_counts(gql):
    gql.act_as(None)
    assert set((await gql(COUNTS)).codes) == {"UNAUTHENTICATED"}
    gql.act_as(Role.VIEWER)
    assert (await gql(COUNTS)).data["alertCounts"]["total"] == 0
