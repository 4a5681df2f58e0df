"""Notifications: who gets them, who sees them, and how they are done with."""

from datetime import timedelta
from uuid import uuid4

import pytest

from ecoctrl_gql.db.enums import Role
from ecoctrl_gql.errors import ConflictError
from ecoctrl_gql.notifications.service import notify
from tests.factories import NOON

LIST = """
query($filter: NotificationFilter, $first: Int, $after: String) {
  unreadNotificationCount
  notifications(filter: $filter, first: $first, after: $after) {
    totalCount nodes { id title read user { username } } pageInfo { endCursor hasNextPage }
  }
}
"""
MARK = """
mutation($input: MarkNotificationsReadInput!) {
  markNotificationsRead(input: $input) {
    notifications { id read } changedCount unreadCount userErrors { code field message }
  }
}
"""
DELETE = """
mutation($ids: [ID!]!) {
  deleteNotifications(input: {ids: $ids}) { deletedIds userErrors { code field message } }
}
"""


@pytest.fixture
async def ann(gql, make):
    user = await make.user(username="ann")
    gql.act_as_user(user)
    return user


@pytest.fixture
async def bob(make):
    return await make.user(username="bob", role="super_admin")


async def told(make, user, *titles, **values):
    """Notifications with these titles, the first one the oldest."""
    return [
        await make.notification(
            user_id=user.id, title=title, created_at=NOON + timedelta(minutes=minute), **values
        )
        for minute, title in enumerate(titles)
    ]


def id_of(notification):
    return f"notification_{notification.id}"


async def listed(gql, **arguments):
    answer = await gql(LIST, **arguments)
    assert answer.errors == []
    return answer.data


def titles(found):
    return [node["title"] for node in found["notifications"]["nodes"]]


async def test_each_user_sees_the_own_newest_first(gql, make, ann, bob):
    await told(make, ann, "a", "b")
    await told(make, bob, "c")

    mine = await listed(gql)
    statements = len(gql.statements)
    gql.act_as_user(bob)
    his = await listed(gql)

    assert titles(mine) == ["b", "a"]
    assert (mine["notifications"]["totalCount"], mine["unreadNotificationCount"]) == (2, 2)
    assert {node["user"]["username"] for node in mine["notifications"]["nodes"]} == {"ann"}
    assert statements == 4  # two counts, the page, the user
    assert titles(his) == ["c"]
    assert his["unreadNotificationCount"] == 1


async def test_the_unread_ones_can_be_asked_for(gql, make, ann):
    await told(make, ann, "a", "b")
    await told(make, ann, "c", read=True)

    unread = await listed(gql, filter={"read": {"eq": False}})
    some = await listed(gql, filter={"or": [{"title": {"eq": "a"}}, {"read": {"eq": True}}]})

    assert titles(unread) == ["b", "a"]
    assert unread["unreadNotificationCount"] == 2
    assert sorted(titles(some)) == ["a", "c"]


async def test_the_list_is_paged(gql, make, ann, bob):
    await told(make, ann, *"abcde")
    await told(make, bob, *"vwxyz")
    seen, after = [], None
    for _ in range(3):
        found = await listed(gql, first=2, after=after)
        seen += titles(found)
        after = found["notifications"]["pageInfo"]["endCursor"]

    assert seen == [*"edcba"]
    assert found["notifications"]["pageInfo"]["hasNextPage"] is False


WAYS = [
    "query($id: ID!) { found: node(id: $id) { id } }",
    "query($id: ID!) { found: notification(id: $id) { id title } }",
    "query($id: ID!) { found: node(id: $id) { ... on Notification { message user { id } } } }",
]


@pytest.mark.parametrize("way", WAYS)
async def test_no_way_leads_to_what_is_somebody_elses(way, gql, make, ann, bob):
    id_ = id_of((await told(make, ann, "a"))[0])

    own = await gql(way, id=id_)
    gql.act_as_user(bob)  # the highest role
    others = await gql(way, id=id_)
    nothing = await gql(way, id=f"notification_{uuid4()}")

    assert own.data["found"] is not None
    assert (others.data, others.errors) == (nothing.data, nothing.errors) == ({"found": None}, [])


async def test_no_filter_leads_to_what_is_somebody_elses(gql, make, ann, bob):
    await told(make, ann, "a")
    gql.act_as_user(bob)

    for filter in (
        {"title": {"eq": "a"}},
        {"not": {"title": {"eq": "b"}}},
        {"or": [{}, {"read": {"ne": True}}]},
    ):
        found = await listed(gql, filter=filter)
        assert (titles(found), found["notifications"]["totalCount"]) == ([], 0)


async def test_a_cursor_of_somebody_elses_list_leads_to_the_own(gql, make, ann, bob):
    await told(make, ann, "a", "b")
    await told(make, bob, "c")
    cursor = (await listed(gql, first=1))["notifications"]["pageInfo"]["endCursor"]
    gql.act_as_user(bob)

    assert titles(await listed(gql, after=cursor)) == ["c"]


@pytest.mark.parametrize("query", [LIST, "{ unreadNotificationCount }"])
async def test_nobody_has_none(query, gql):
    gql.act_as(None)

    assert set((await gql(query)).codes) == {"UNAUTHENTICATED"}
    assert gql.statements == []


async def test_some_are_marked_as_read(gql, make, ann, bob, in_transactions):
    mine, his = await told(make, ann, "a", "b", "c"), (await told(make, bob, "x"))[0]
    (old,) = await told(make, ann, "d", read=True)
    ids = [id_of(each) for each in (mine[1], his, old, mine[1])]
    in_transactions.clear()

    payload = (await gql(MARK, input={"ids": [*ids, id_of(mine[2])]})).data["markNotificationsRead"]

    assert payload == {
        "notifications": [{"id": id_of(each), "read": True} for each in (mine[1], old, mine[2])],
        "changedCount": 2,
        "unreadCount": 1,
        "userErrors": [
            {"code": "NOT_FOUND", "field": ["input", "ids", "1"], "message": "There is no such notification."}
        ],
    }
    assert len(in_transactions) == 3  # the change, those that were named, the count
    gql.act_as_user(bob)
    assert (await listed(gql))["unreadNotificationCount"] == 1


async def test_all_are_marked_as_read(gql, make, ann, bob):
    await told(make, ann, "a", "b")
    await told(make, ann, "c", read=True)
    await told(make, bob, "x")

    first, second = [(await gql(MARK, input={"all": True})).data["markNotificationsRead"] for _ in range(2)]

    assert first == {"notifications": [], "changedCount": 2, "unreadCount": 0, "userErrors": []}
    assert second["changedCount"] == 0
    gql.act_as_user(bob)
    assert (await listed(gql))["unreadNotificationCount"] == 1


async def test_some_are_deleted(gql, make, ann, bob):
    mine, his = await told(make, ann, "a", "b", "c"), (await told(make, bob, "x"))[0]
    ids = [id_of(each) for each in (mine[2], his, mine[0])]

    payload = (await gql(DELETE, ids=ids)).data["deleteNotifications"]

    assert payload == {
        "deletedIds": [ids[0], ids[2]],
        "userErrors": [
            {"code": "NOT_FOUND", "field": ["input", "ids", "1"], "message": "There is no such notification."}
        ],
    }
    assert len(gql.statements) == 1
    assert titles(await listed(gql)) == ["b"]
    gql.act_as_user(bob)
    assert titles(await listed(gql)) == ["x"]


@pytest.mark.parametrize(
    ("given", "field", "message"),
    [
        ({}, ["input"], "Give either ids or all."),
        ({"ids": [], "all": True}, ["input"], "Give either ids or all."),
        ({"ids": []}, ["input", "ids"], "ids takes 1 to 1,000 values, not 0."),
        ({"ids": ["x"] * 1001}, ["input", "ids"], "ids takes 1 to 1,000 values, not 1,001."),
        (
            {"ids": [f"alert_{uuid4()}"]},
            ["input", "ids", "0"],
            "An id of type Notification is expected; this is one of type Alert.",
        ),
    ],
)
async def test_input_that_cannot_be_used_is_told(given, field, message, gql, ann):
    payload = (await gql(MARK, input=given)).data["markNotificationsRead"]

    error = {"code": "BAD_USER_INPUT", "field": field, "message": message}
    assert payload == {
        "notifications": None,
        "changedCount": None,
        "unreadCount": None,
        "userErrors": [error],
    }
    assert gql.statements == []


async def test_notify_writes_to_each_user_once_in_one_statement(gql, db, make, ann, bob):
    db.statements.clear()

    made = await notify(db.repositories(), [ann.id, bob.id, ann.id], "Report is ready\x00", None)
    statements = len(db.statements)
    nobody = await notify(db.repositories(), [], "x")

    assert statements == 1
    assert [(row.user_id, row.title, row.message, row.read) for row in made] == [
        (ann.id, "Report is ready", None, False),
        (bob.id, "Report is ready", None, False),
    ]
    assert nobody == []
    assert titles(await listed(gql)) == ["Report is ready"]
    with pytest.raises(ConflictError):
        await notify(db.repositories(), [str(uuid4())], "x")


async def test_a_viewer_has_notifications_too(gql, make, ann):
    await told(make, ann, "a")
    gql.act_as(Role.VIEWER, ann)

    assert (await gql(MARK, input={"all": True})).data["markNotificationsRead"]["changedCount"] == 1
