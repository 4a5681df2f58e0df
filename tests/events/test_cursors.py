"""Cursors that can't be resumed from, each refused in words."""

import base64
from datetime import UTC, datetime, timedelta
from hashlib import blake2b

import psycopg
import pytest
from event_server import ADDED, Running, Socket, ask, cursor_of_now
from psycopg import sql

from ecoctrl_gql.db.database import Database
from ecoctrl_gql.db.repositories.events import HISTORY
from ecoctrl_gql.db.snapshots import Snapshot
from ecoctrl_gql.errors import BadInputError
from ecoctrl_gql.events.places import CHECK_BYTES, Cursors, Place
from ecoctrl_gql.events.retention import Retention


def forged(body: bytes) -> str:
    """A cursor with a check that fits."""
    check = blake2b(body, digest_size=CHECK_BYTES).digest()
    return base64.urlsafe_b64encode(check + body).decode().rstrip("=")


def body_of(cursor: str) -> bytes:
    return base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))[CHECK_BYTES:]


async def code_of(socket: Socket, **variables: object) -> str:
    query = """subscription ($after: String, $since: DateTime) {
      alertAdded(after: $after, since: $since) { cursor }
    }"""
    await socket.begin(query, variables=variables)
    refusal = await socket.refusal()
    assert refusal["message"].endswith(".")
    return refusal["extensions"]["code"]


@pytest.mark.parametrize(
    "cursor",
    ["x", "é", "🦊", "AAAA", "A" * 100, "A" * 70_000, "=", " ", "WzEsMl0"],
    ids=lambda text: text[:8],
)
async def test_garbage_is_bad_input(server: Running, socket: Socket, cursor: str):
    assert await code_of(socket, after=cursor) == "BAD_USER_INPUT"


async def test_a_damaged_cursor_is_bad_input(server: Running, socket: Socket):
    cursor = await cursor_of_now(server.url)
    for index in range(len(cursor)):
        damaged = cursor[:index] + ("A" if cursor[index] != "A" else "B") + cursor[index + 1 :]
        if base64.urlsafe_b64decode(damaged + "==") != base64.urlsafe_b64decode(cursor + "=="):
            assert await code_of(socket, after=damaged) == "BAD_USER_INPUT"


async def test_a_cursor_of_another_database_is_expired(
    server: Running, socket: Socket, empty_database_url: str
):
    body = body_of(await cursor_of_now(server.url))

    assert await code_of(socket, after=forged(b"12345678" + body[8:])) == "CURSOR_EXPIRED"


@pytest.mark.parametrize(
    "place",
    [
        Place.behind(Snapshot(2**60)),
        Place(Snapshot(3), Snapshot(2**60), 7),
        Place.behind(Snapshot(2**60, tuple(range(2**60 - 500, 2**60)))),
    ],
)
async def test_a_forged_cursor_of_the_future_is_expired(server: Running, socket: Socket, place: Place):
    cursors = Cursors("")
    packed = cursors.prefix(place)[8:] + b"\x00"

    cursor = forged(body_of(await cursor_of_now(server.url))[:8] + packed)

    assert await code_of(socket, after=cursor) == "CURSOR_EXPIRED"


@pytest.mark.parametrize(
    "tail", [b"", b"\x01", b"\xff" * 40, b"\x01\xff\xff\xff\xff\x7f", b"\x00\x05\x01\x01"]
)
async def test_a_forged_cursor_that_makes_no_sense_is_refused(server: Running, socket: Socket, tail: bytes):
    identity = body_of(await cursor_of_now(server.url))[:8]

    assert await code_of(socket, after=forged(identity + tail)) in ("BAD_USER_INPUT", "CURSOR_EXPIRED")
    await socket.silence()


async def test_after_and_since_exclude_each_other(server: Running, socket: Socket):
    variables = {"after": await cursor_of_now(server.url), "since": datetime.now(UTC).isoformat()}

    assert await code_of(socket, **variables) == "BAD_USER_INPUT"


async def test_since_must_lie_within_the_retention(server: Running, socket: Socket):
    since = datetime.now(UTC) - timedelta(days=7, minutes=1)

    assert await code_of(socket, since=since.isoformat()) == "CURSOR_EXPIRED"


async def test_a_cursor_before_removed_events_is_expired_and_one_behind_them_is_not(
    server: Running, socket: Socket
):
    before = await cursor_of_now(server.url)
    server.alert("old")
    behind = await cursor_of_now(server.url)
    server.alert("kept")
    age_events(server, "id <= (SELECT max(id) - 1 FROM events)")

    assert await trim(server) >= 1

    assert await code_of(socket, after=before) == "CURSOR_EXPIRED"
    await socket.begin(ADDED, variables={"after": behind})
    assert (await socket.data())["alert"] == {"message": "kept"}


async def test_a_cursor_within_a_batch_stays_good_when_what_lies_before_it_is_removed(
    server: Running, socket: Socket
):
    cursor = await cursor_of_now(server.url)
    server.execute(
        "INSERT INTO alerts (device, level, message) SELECT 'a', 'low', n FROM generate_series(1, 3) n"
    )
    await socket.begin(ADDED, variables={"after": cursor})
    told = [await socket.data() for _ in range(3)]
    age_events(server, "id <= (SELECT max(id) - 2 FROM events)")

    await trim(server)

    await socket.begin(ADDED, variables={"after": told[0]["cursor"]})
    assert [(await socket.data())["alert"]["message"] for _ in range(2)] == ["2", "3"]
    assert await code_of(socket, after=cursor) == "CURSOR_EXPIRED"


async def test_events_are_removed_by_one_process_at_a_time(server: Running):
    await trim(server)
    server.alert("old")
    age_events(server, "true")

    with psycopg.connect(server.database_url) as other:
        other.execute("SELECT pg_advisory_xact_lock(hashtext('ecoctrl events'))")
        assert await trim(server) == 0
    assert await trim(server) > 0


async def test_a_cursor_before_an_event_that_somebody_removed_is_expired(server: Running, socket: Socket):
    before = await cursor_of_now(server.url)
    server.alert("removed")

    server.execute("DELETE FROM events WHERE data->>'message' = 'removed'")

    assert await code_of(socket, after=before) == "CURSOR_EXPIRED"


async def test_a_cursor_passes_over_transactions_without_events(server: Running):
    """After a crash their numbers may be given to others, whose events must not count as seen."""
    server.alert("last")
    cursor = await cursor_of_now(server.url)
    [(transaction,)] = server.execute("SELECT max(transaction_id) FROM events")
    with psycopg.connect(server.database_url) as connection:
        for _ in range(5):
            connection.execute("INSERT INTO alerts (device, level, message) VALUES ('a', 'low', 'undone')")
            connection.rollback()

    later = await cursor_of_now(server.url)

    history = Cursors(server.execute(HISTORY.text)[0][0])
    assert history.decode(later) == history.decode(cursor) == Place.behind(Snapshot(transaction + 1))


async def test_since_may_not_lie_in_the_future(server: Running, socket: Socket):
    since = datetime.now(UTC) + timedelta(minutes=1)

    assert await code_of(socket, since=since.isoformat()) == "BAD_USER_INPUT"


async def test_events_can_be_neither_changed_nor_emptied(server: Running):
    server.alert("kept")

    for statement in ("UPDATE events SET subject = 'x'", "TRUNCATE events"):
        with pytest.raises(psycopg.errors.RestrictViolation):
            server.execute(statement)


async def test_the_cursor_of_now_needs_a_login(server: Running):
    answer = await ask(server.url, "{ eventCursor }", caller="nobody")

    assert answer["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


def test_places_survive_being_written_as_cursors():
    cursors = Cursors("history")
    for place in [
        Place.behind(Snapshot(0)),
        Place(Snapshot(5, (1, 4)), Snapshot(2**40, (2**33, 2**40 - 1)), 2**50),
    ]:
        assert cursors.decode(cursors.encode(cursors.prefix(place), place.after)) == place
    with pytest.raises(BadInputError):
        cursors.decode("")


def age_events(server: Running, condition: str) -> None:
    """Make events look older than they are, past the trigger that guards them."""
    with psycopg.connect(server.database_url) as connection:
        connection.execute("ALTER TABLE events DISABLE TRIGGER keep_events")
        old = sql.SQL("UPDATE events SET created_at = now() - interval '8 days' WHERE {}")
        connection.execute(old.format(sql.SQL(condition)))
        connection.execute("ALTER TABLE events ENABLE TRIGGER keep_events")


async def trim(server: Running) -> int:
    database = Database(server.database_url, pool_size=1)
    await database.open()
    try:
        return await Retention(database, timedelta(days=7)).trim()
    finally:
        await database.close()
