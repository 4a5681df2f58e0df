"""What an event tells of its row, and to whom."""

from datetime import UTC, datetime, timedelta

import pytest
from event_server import ADDED, Running, Socket, ask, cursor_of_now, messages, socket_to

from ecoctrl_gql.db.base import Base
from ecoctrl_gql.db.publishing import PUBLISH
from ecoctrl_gql.db.records import secret_columns
from ecoctrl_gql.db.triggers import triggers_of

CHANGED = """
subscription ($after: String, $filter: FaultFilter) {
  faultChanged(after: $after, filter: $filter) { cursor change nodeId happenedAt fault { id device status } }
}
"""
FILTERED = """
subscription ($after: String, $filter: AlertFilter) {
  alertAdded(after: $after, filter: $filter) { alert { message } }
}
"""


async def test_a_change_tells_what_happened_to_what(server: Running, socket: Socket):
    await socket.begin(CHANGED, variables={"after": await cursor_of_now(server.url)})

    key = server.execute("INSERT INTO faults (device, level) VALUES ('pump', 'severe') RETURNING id")[0][0]
    server.execute("UPDATE faults SET status = 'fixed' WHERE id = %s", key)
    server.execute("DELETE FROM faults WHERE id = %s", key)

    told = [await socket.data() for _ in range(3)]
    assert [event["change"] for event in told] == ["CREATED", "UPDATED", "DELETED"]
    assert {event["nodeId"] for event in told} == {f"fault_{key}"}
    assert [event["fault"] and event["fault"]["status"] for event in told] == ["OPEN", "FIXED", None]
    times = [datetime.fromisoformat(event["happenedAt"]) for event in told]
    assert times == sorted(times)
    assert datetime.now(UTC) - times[0] < timedelta(minutes=1)


async def test_a_row_is_told_as_it_was_at_the_event_though_it_is_gone(server: Running, socket: Socket):
    cursor = await cursor_of_now(server.url)
    key = server.alert("first")
    server.execute("UPDATE alerts SET message = 'changed' WHERE id = %s", key)
    server.execute("DELETE FROM alerts")

    await socket.begin(ADDED, variables={"after": cursor})

    assert await messages(socket, 1) == ["first"]
    await socket.silence()


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({}, ["a", "b", "c"]),
        ({"level": {"eq": "HIGH"}}, ["a"]),
        ({"level": {"in": ["LOW", "MEDIUM"]}}, ["b", "c"]),
        ({"device": {"startsWith": "PUMP"}}, ["b", "c"]),
        ({"or": [{"message": {"contains": "A"}}, {"device": {"eq": "Pump 3"}}]}, ["a", "c"]),
        ({"not": {"message": {"eq": "b"}}}, ["a", "c"]),
        ({"time": {"gt": "2030-01-01T00:00:00+02:00"}}, ["c"]),
        ({"or": []}, []),
    ],
)
async def test_a_filter_decides_as_it_does_in_lists(
    server: Running, socket: Socket, condition: dict, expected: list[str]
):
    await socket.begin(FILTERED, variables={"after": await cursor_of_now(server.url), "filter": condition})
    end = await socket.begin(ADDED, variables={"after": await cursor_of_now(server.url)})

    server.execute(
        "INSERT INTO alerts (device, level, message, time) VALUES ('Chiller', 'high', 'a', '2026-01-01'),"
        " ('Pump 2', 'low', 'b', '2026-01-01'), ('Pump 3', 'medium', 'c', '2030-01-01')"
    )

    heard = [await socket.hear() for _ in range(3 + len(expected))]
    told = [event["payload"]["data"]["alertAdded"] for event in heard if event["id"] != end]
    assert [event["alert"]["message"] for event in told] == expected
    listed = await ask(
        server.url,
        "query ($f: AlertFilter) { alerts(filter: $f) { nodes { message } } }",
        f=condition,
    )
    assert sorted(node["message"] for node in listed["data"]["alerts"]["nodes"]) == expected


async def test_notifications_are_told_to_their_user_alone(server: Running):
    users = [
        server.execute(
            "INSERT INTO users (username, email) VALUES (%s, %s) RETURNING id", name, f"{name}@example.org"
        )[0][0]
        for name in ("ann", "bob")
    ]
    query = "subscription ($after: String) { notificationAdded(after: $after) { notification { title } } }"
    variables = {"after": await cursor_of_now(server.url)}

    async with (
        socket_to(server.port, f"viewer:{users[0]}") as ann,
        socket_to(server.port, f"viewer:{users[1]}") as bob,
        socket_to(server.port, "super_admin") as root,
    ):
        for socket in (ann, bob, root):
            await socket.begin(query, variables=variables)
        for user, title in zip(users, ("for ann", "for bob"), strict=True):
            server.execute("INSERT INTO notifications (user_id, title) VALUES (%s, %s)", user, title)

        told = [(await socket.data())["notification"]["title"] for socket in (ann, bob)]
        assert told == ["for ann", "for bob"]
        await cursor_of_now(server.url)
        for socket in (ann, bob, root):
            await socket.silence()


async def test_a_relation_is_read_anew_for_each_event(server: Running, socket: Socket):
    user = server.execute("INSERT INTO users (username, email) VALUES ('ann', 'a@example.org') RETURNING id")
    query = """subscription ($after: String) {
      alertAdded(after: $after) { alert { assignee { username } } }
    }"""
    await socket.begin(query, variables={"after": await cursor_of_now(server.url)})
    insert = "INSERT INTO alerts (device, level, message, assignee_id) VALUES ('a', 'low', 'b', %s)"

    server.execute(insert, user[0][0])
    first = await socket.data()
    server.execute("UPDATE users SET username = 'bea'")
    server.execute(insert, user[0][0])
    second = await socket.data()

    assert first["alert"]["assignee"] == {"username": "ann"}
    assert second["alert"]["assignee"] == {"username": "bea"}


def test_no_table_with_a_secret_is_published():
    published = [
        mapper.class_
        for mapper in Base.registry.mappers
        if any(trigger.runs is PUBLISH for trigger in triggers_of(mapper.class_.__table__))
    ]

    assert {row_type.__tablename__ for row_type in published} >= {"alerts", "notifications"}
    assert [row_type for row_type in published if secret_columns(row_type)] == []
