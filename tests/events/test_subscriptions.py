"""What subscribers are told, over websockets."""

from datetime import UTC, datetime

import psycopg
from event_server import ADDED, Running, Socket, ask, cursor_of_now, messages, socket_to


async def test_an_alert_of_another_program_is_told_to_whoever_follows(server: Running, socket: Socket):
    await socket.begin(ADDED, variables={"after": await cursor_of_now(server.url)})

    server.alert("Too warm")

    assert await messages(socket, 1) == ["Too warm"]
    await socket.silence()


async def test_an_alert_of_the_api_is_told(server: Running, socket: Socket):
    await socket.begin(ADDED, variables={"after": await cursor_of_now(server.url)})

    create = 'mutation { createAlert(input: {device: "a", level: LOW, message: "b"}) { alert { id } } }'
    await ask(server.url, create, caller="operator")

    assert await messages(socket, 1) == ["b"]


async def test_a_stream_without_a_place_begins_now(server: Running, socket: Socket):
    server.alert("before")
    await socket.begin("subscription { alertAdded { alert { message } } }")
    await socket.begin("{ __typename }")
    assert (await socket.hear())["type"] == "next"  # operations begin one after the other
    await ask(server.url, "{ eventCursor }")

    server.alert("after")

    assert (await socket.hear())["type"] == "complete"
    assert await messages(socket, 1) == ["after"]


async def test_what_is_rolled_back_is_told_to_nobody(server: Running, socket: Socket):
    await socket.begin(ADDED, variables={"after": await cursor_of_now(server.url)})

    with psycopg.connect(server.database_url) as connection:
        connection.execute("INSERT INTO alerts (device, level, message) VALUES ('a', 'low', 'undone')")
        connection.rollback()
    server.alert("done")

    assert await messages(socket, 1) == ["done"]
    await socket.silence()


async def test_a_transaction_that_commits_late_loses_nothing(server: Running, socket: Socket):
    insert = "INSERT INTO alerts (device, level, message) VALUES ('a', 'low', %s)"
    await socket.begin(ADDED, variables={"after": await cursor_of_now(server.url)})

    with psycopg.connect(server.database_url) as slow:
        slow.execute(insert, ["slow 1"])
        server.alert("quick 1")
        first = await messages(socket, 1)
        server.alert("quick 2")
        second = await messages(socket, 1)
        slow.execute(insert, ["slow 2"])
    server.alert("last")

    assert (first, second) == (["quick 1"], ["quick 2"])
    assert await messages(socket, 3) == ["slow 1", "slow 2", "last"]
    await socket.silence()


async def test_a_cursor_taken_while_a_transaction_ran_leads_to_what_it_commits(server: Running):
    with psycopg.connect(server.database_url) as slow:
        slow.execute("INSERT INTO alerts (device, level, message) VALUES ('a', 'low', 'slow')")
        server.alert("quick")
        cursor = await cursor_of_now(server.url)
    server.alert("last")

    async with socket_to(server.port) as socket:
        await socket.begin(ADDED, variables={"after": cursor})
        assert await messages(socket, 2) == ["slow", "last"]
        await socket.silence()


async def test_whoever_resumes_is_told_each_event_once(server: Running):
    cursor = await cursor_of_now(server.url)
    with psycopg.connect(server.database_url) as connection:  # one batch, cut at each of its events
        for number in range(6):
            connection.execute(
                "INSERT INTO alerts (device, level, message) VALUES ('a', 'low', %s)", [str(number)]
            )

    told = []
    for _ in range(6):
        async with socket_to(server.port) as socket:
            await socket.begin(ADDED, variables={"after": cursor})
            data = await socket.data()
            cursor = data["cursor"]
            told.append(data["alert"]["message"])
    server.alert("last")

    assert told == ["0", "1", "2", "3", "4", "5"]
    async with socket_to(server.port) as socket:
        await socket.begin(ADDED, variables={"after": cursor})
        assert await messages(socket, 1) == ["last"]
        await socket.silence()


async def test_a_long_past_comes_in_pages_and_goes_on_with_the_present(server: Running, socket: Socket):
    cursor = await cursor_of_now(server.url)
    many = (
        "INSERT INTO alerts (device, level, message) SELECT 'a', 'low', n FROM generate_series(%s::int, %s) n"
    )
    server.execute(many, 1, 800)
    server.execute(many, 801, 1700)

    await socket.begin(ADDED, variables={"after": cursor})
    past = await messages(socket, 1700)
    server.alert("present")

    assert past == [str(number) for number in range(1, 1701)]
    assert await messages(socket, 1) == ["present"]
    await socket.silence()


async def test_since_begins_in_the_past(server: Running, socket: Socket):
    server.alert("early")
    since = datetime.now(UTC)
    for message in ("one", "two"):
        server.alert(message)
    query = "subscription ($t: DateTime) { alertAdded(since: $t) { cursor alert { message } } }"

    await socket.begin(query, variables={"t": since.isoformat()})
    told = [await socket.data() for _ in range(2)]
    await socket.silence()

    assert [event["alert"]["message"] for event in told] == ["one", "two"]
    await socket.begin(ADDED, variables={"after": told[0]["cursor"]})
    assert await messages(socket, 1) == ["two"]


async def test_since_may_lie_in_the_future_of_all_events(server: Running, socket: Socket):
    query = "subscription ($t: DateTime) { alertAdded(since: $t) { alert { message } } }"
    await socket.begin(query, variables={"t": datetime.now(UTC).isoformat()})

    server.alert("one")

    assert await messages(socket, 1) == ["one"]


async def test_the_named_operation_of_several_runs(server: Running, socket: Socket):
    document = ADDED.replace("subscription", "subscription Added") + " query Other { __typename }"
    await socket.begin(document, operationName="Added", variables={"after": await cursor_of_now(server.url)})

    server.alert("named")

    assert await messages(socket, 1) == ["named"]


async def test_an_operation_that_is_completed_is_told_nothing_more(server: Running, socket: Socket):
    after = await cursor_of_now(server.url)
    first = await socket.begin(ADDED, variables={"after": after})
    await socket.begin(ADDED, variables={"after": after})
    server.alert("one")
    assert {(await socket.hear())["id"] for _ in range(2)} == {"1", "2"}

    await socket.say({"id": first, "type": "complete"})
    await socket.silence()
    server.alert("two")

    assert (await socket.hear())["id"] == "2"
    await socket.silence()
