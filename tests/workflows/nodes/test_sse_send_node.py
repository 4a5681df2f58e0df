"""What workflows tell the programs that listen: all of them, or one user's."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from ecoctrl_gql.db.conditions import EVERYTHING
from ecoctrl_gql.db.enums import EventChange, Role
from ecoctrl_gql.db.snapshots import NOTHING
from ecoctrl_gql.db.tables import MessageRow
from ecoctrl_gql.events.events import Interest, events_behind
from ecoctrl_gql.events.places import Cursors, Place
from ecoctrl_gql.workflows.nodes import ACTIONS

MESSAGES = "{ messages { nodes { id type eventId payload } } }"


async def seen_by(gql, user):
    """What a user reads of messages."""
    gql.act_as(Role.VIEWER, user)
    answer = await gql(MESSAGES)
    assert answer.errors == []
    return [message["payload"] for message in answer.data["messages"]["nodes"]]


async def events_for(db, user_id):
    """What a user's subscription tells, of all that has happened."""
    found = await db.repositories().events.between(NOTHING, None, 0, 100)
    events = events_behind(Place.behind(found.snapshot), found.events, Cursors("test"))
    interest = Interest(
        MessageRow, frozenset({EventChange.CREATED}), EVERYTHING, ("user_id", user_id), everybody=True
    )
    return [event.record(MessageRow).payload for event in interest.of(events)]


async def test_a_message_to_all_is_read_and_told_to_all(nodes, gql, make, db):
    kim, lee = await make.user(), await make.user()

    result = await nodes.run("sse_send", eventType="weather", payload={"highC": 31}, eventId=7)

    assert result == {
        "sent": True,
        "type": "weather",
        "target": "broadcast",
        "targetUserId": None,
        "eventId": "7",
        "payload": {"highC": 31},
    }
    for user in (kim, lee):
        assert await seen_by(gql, user) == [{"highC": 31}]
        assert await events_for(db, user.id) == [{"highC": 31}]


@pytest.mark.parametrize("prefix", ["", "user_"])
async def test_a_message_to_one_is_nobody_elses(prefix, nodes, gql, make, db):
    kim, lee = await make.user(), await make.user()

    await nodes.run("sse_send", payload=1, targetMode="user", targetUserId=f"{prefix}{kim.id}")

    assert (await seen_by(gql, kim), await seen_by(gql, lee)) == ([1], [])
    assert (await events_for(db, kim.id), await events_for(db, lee.id)) == ([1], [])


async def test_by_its_id_a_message_is_found_by_whom_it_is_for(nodes, gql, make, db):
    kim, lee = await make.user(), await make.user()
    await nodes.run("sse_send", payload="own", targetMode="user", targetUserId=kim.id)
    await nodes.run("sse_send", payload="all")
    gql.act_as(Role.VIEWER, kim)
    ids = [node["id"] for node in (await gql(MESSAGES)).data["messages"]["nodes"]]
    query = "query($ids: [ID!]!) { nodes(ids: $ids) { ... on Message { payload } } }"

    found = {}
    for user in (kim, lee):
        gql.act_as(Role.VIEWER, user)
        found[user.id] = (await gql(query, ids=ids)).data["nodes"]

    assert sorted(node["payload"] for node in found[kim.id]) == ["all", "own"]
    assert sorted(found[lee.id], key=str) == sorted([None, {"payload": "all"}], key=str)


async def test_whoever_started_the_run_is_meant_by_trigger(nodes, gql, make, as_user):
    kim, lee = await make.user(), await make.user()
    as_user(kim.id)

    result = await nodes.run("sse_send", payload=2, targetMode="trigger")

    assert (result["target"], result["targetUserId"]) == ("trigger", kim.id)
    assert (await seen_by(gql, kim), await seen_by(gql, lee)) == ([2], [])


async def test_what_is_rolled_back_was_never_told(nodes, make, db):
    user = await make.user()
    call = nodes.call("sse_send", {"payload": 1})

    async def run_and_fail() -> None:
        async with db.transaction() as repos:
            await ACTIONS["sse_send"].run(replace(call, repos=repos))
            raise TimeoutError

    with pytest.raises(TimeoutError):
        await run_and_fail()

    assert await events_for(db, user.id) == []


@pytest.mark.parametrize(
    ("payload", "told"),
    [
        ("{}", {}),
        ('{"a": [1]}', {"a": [1]}),
        ("3", 3),
        ("plain", "plain"),
        ("{broken", "{broken"),
        (None, None),
        ("", ""),
    ],
)
async def test_text_that_is_json_is_what_it_says(payload, told, nodes):
    result = await nodes.run("sse_send", payload=payload)

    assert result["payload"] == told
    assert (result["type"], result["eventId"]) == (
        "update:widgets",
        str(int(datetime(2026, 11, 28, 7, tzinfo=UTC).timestamp() * 1000)),
    )


@pytest.mark.parametrize(
    "config",
    [
        {"eventType": "x" * 256},
        {"eventType": "x\x00"},
        {"eventType": "\ud800"},
        {"payload": "x" * 70_000},
        {"payload": ["\ud800"]},
        {"payload": {"a": "\x00"}},
        {"payload": 2**70},
        {"targetMode": "user"},
        {"targetMode": "user", "targetUserId": "kim"},
        {"targetMode": "user", "targetUserId": str(uuid4())},
        {"targetMode": "trigger"},
    ],
)
async def test_what_can_not_be_told_is_refused(config, nodes, db):
    failure = await nodes.failure("sse_send", **config)

    assert str(failure)
    assert await db.repositories().messages.count() == 0


async def test_a_dry_run_tells_nobody(nodes, db):
    preview = await nodes.preview("sse_send", payload={"a": 1}, eventType="e")

    assert preview.result["sent"] is True
    assert (preview.effect["type"], preview.effect["payload"]) == ("e", {"a": 1})
    assert await db.repositories().messages.count() == 0
