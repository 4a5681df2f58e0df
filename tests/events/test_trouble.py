"""Servers and databases that are not what they were."""

import asyncio
from contextlib import ExitStack

import httpx
import pytest
from event_server import ADDED, cursor_of_now, running, socket_to


async def test_a_table_that_was_restored_ends_what_is_followed_and_begins_anew(database_url, tmp_path):
    with running(database_url, tmp_path) as server:
        before = await cursor_of_now(server.url)
        server.alert("before")
        async with socket_to(server.port) as socket:
            await socket.begin(ADDED, variables={"after": before})
            await socket.data()

            server.execute("ALTER TABLE events RENAME TO lost_events")
            server.execute("CREATE TABLE events (LIKE lost_events INCLUDING ALL)")

            assert (await socket.refusal())["extensions"]["code"] == "CURSOR_EXPIRED"
            await socket.begin(ADDED, variables={"after": before})
            assert (await socket.refusal())["extensions"]["code"] == "CURSOR_EXPIRED"
            await socket.begin(ADDED, variables={"after": await cursor_of_now(server.url)})
            server.alert("after")
            assert (await socket.data())["alert"] == {"message": "after"}


async def test_lost_connections_to_the_database_are_not_noticed(database_url, tmp_path):
    with running(database_url, tmp_path) as server:
        after = await cursor_of_now(server.url)
        async with socket_to(server.port) as socket:
            await socket.begin(ADDED, variables={"after": after})
            for number in range(5):
                server.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND usename = current_user"
                    " AND pid <> pg_backend_pid()"
                )
                server.alert(str(number))
                assert (await socket.data())["alert"] == {"message": str(number)}
            await socket.silence()


async def test_subscriptions_need_no_engine(database_url, tmp_path):
    with running(database_url, tmp_path, engine=False) as server:
        after = await cursor_of_now(server.url)
        async with socket_to(server.port) as socket:
            await socket.begin(ADDED, variables={"after": after})
            server.alert("one")
            assert (await socket.data())["alert"] == {"message": "one"}


@pytest.mark.parametrize(("caller", "code"), [("nobody", "UNAUTHENTICATED"), ("viewer", None)])
async def test_who_may_follow_what_is_decided_before_anything_is_read(
    database_url, tmp_path, caller: str, code: str | None
):
    with running(database_url, tmp_path) as server:
        server.statements.clear()
        query = {"query": ADDED, "variables": {"after": "x"}}
        headers = {"accept": "text/event-stream"}
        if caller != "nobody":
            headers["authorization"] = f"Bearer {caller}"
        async with httpx.AsyncClient(base_url=server.url, timeout=10) as http:
            answer = await http.post("/graphql", json=query, headers=headers)

        assert f'"code":"{code or "BAD_USER_INPUT"}"' in answer.text
        if code:
            assert server.reads == []


async def test_a_server_with_subscribers_shuts_down_at_once(database_url, tmp_path):
    with ExitStack() as stack:
        server = stack.enter_context(running(database_url, tmp_path))
        async with socket_to(server.port) as socket:
            await socket.begin(ADDED)
            await cursor_of_now(server.url)

            await asyncio.to_thread(stack.close)

            async with asyncio.timeout(10):
                await socket.connection.wait_closed()
            assert socket.connection.close_code == 1012
