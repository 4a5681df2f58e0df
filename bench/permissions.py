"""
What it costs to look whether a caller may do what it asks for: ``python -m bench.permissions``.

The same query is asked of the application in this process: as it is, without the look at the rules, and
without the look at who calls as well. They take turns in short blocks, and processor time is measured, so
that other work on the machine counts little. The difference is smaller than what such blocks differ by, so
the look itself is timed too, over and over.
"""

import asyncio
import statistics
import sys
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import orjson
from graphql import parse
from starlette.types import ASGIApp, Message

from bench.database import bench_database
from bench.errors import BenchError
from bench.login import USER
from bench.samples import Samples
from bench.workloads import OURS, WORKLOADS
from ecoctrl_gql.api.access import refusals
from ecoctrl_gql.app import create_app
from ecoctrl_gql.auth.audit import Origin
from ecoctrl_gql.auth.caller import Caller
from ecoctrl_gql.auth.callers import Callers
from ecoctrl_gql.auth.service import Auth
from ecoctrl_gql.config import Settings
from ecoctrl_gql.db.database import Database
from ecoctrl_gql.db.enums import Role
from ecoctrl_gql.schema import build_schema

ROUNDS = 120
LOOKS = 20_000
BLOCK = 12
WARMUP = 30
QUERIES = {"W3": "1,000 readings, 4 fields", "W1": "one alert by id, 6 fields"}
EVERYTHING, NO_RULES, NOTHING = "as it is", "without the rules", "without rules and caller"


class OneCaller(Callers):
    """Takes all requests for one caller's, without looking."""

    def __init__(self, caller: Caller) -> None:
        self.caller = caller

    async def of(self, _authorization: str) -> Caller:
        return self.caller


def main() -> None:
    with bench_database() as database:
        sys.stdout.write(asyncio.run(_report(database.url, database.samples)))


async def _report(url: str, samples: Samples) -> str:
    settings = Settings(_env_file=None, database_url=url, jwt_secret="x" * 40, log_level="warning")
    lines = []
    async with AsyncExitStack() as stack:
        database = Database(url, pool_size=2)
        await database.open()
        stack.push_async_callback(database.close)
        auth = Auth(database, settings)
        token, caller = await _log_in(database, auth)
        unasked = Auth(database, settings)
        unasked.callers = OneCaller(caller)
        with patch("ecoctrl_gql.schema.refusals", _nothing_refused):
            apps = {
                NO_RULES: create_app(settings, database, auth),
                NOTHING: create_app(settings, database, unasked),
            }
        apps = {EVERYTHING: create_app(settings, database, auth), **apps}
        for name, title in QUERIES.items():
            bodies = WORKLOADS[name].bodies(OURS, samples)
            times = await _measure(apps, bodies, token)
            looks = await _look_s(settings, auth, caller, token, orjson.loads(bodies[0])["query"])
            lines.append(_told(title, times, looks))
    return "".join(lines)


async def _log_in(database: Database, auth: Auth) -> tuple[str, Caller]:
    async with database.transaction() as repos:
        account = await repos.users.by_login(USER)
        if account is None:
            raise BenchError(f"There is no user {USER}.")
        signed_in = await auth.sessions.begin(repos, account.id, Origin())
    caller = Caller(account.id, account.username, Role(account.role), session_id=signed_in.session_id)
    return signed_in.access_token.text, caller


def _nothing_refused(*_: Any) -> list[Any]:
    return []


async def _measure(apps: dict[str, ASGIApp], bodies: Sequence[bytes], token: str) -> dict[str, list[float]]:
    """The processor time of a request in each block, in seconds."""
    times: dict[str, list[float]] = {name: [] for name in apps}
    for app in apps.values():
        await _ask(app, bodies, token, WARMUP)
    for number in range(ROUNDS):
        names = list(apps)
        first = number % len(names)
        for name in names[first:] + names[:first]:
            begin = time.process_time()
            await _ask(apps[name], bodies, token, BLOCK)
            times[name].append((time.process_time() - begin) / BLOCK)
    return times


async def _ask(app: ASGIApp, bodies: Sequence[bytes], token: str, number: int) -> None:
    for index in range(number):
        answer = await _answer(app, bodies[index % len(bodies)], token)
        if index == 0 and ("errors" in answer or not answer["data"]):
            raise BenchError(f"The query failed: {answer!r:.500}")


async def _answer(app: ASGIApp, body: bytes, token: str) -> Any:
    sent: list[Message] = []
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": "/graphql",
        "raw_path": b"/graphql",
        "query_string": b"",
        "root_path": "",
        "headers": [
            (b"host", b"127.0.0.1"),
            (b"content-type", b"application/json"),
            (b"content-length", str(len(body)).encode()),
            (b"accept", b"application/json"),
            (b"authorization", f"Bearer {token}".encode()),
        ],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 1),
    }

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    await app(scope, receive, send)
    return orjson.loads(b"".join(message.get("body", b"") for message in sent))


async def _look_s(settings: Settings, auth: Auth, caller: Caller, token: str, query: str) -> float:
    """The processor time of looking who calls, and at the rules, once, in seconds."""
    schema, document = build_schema(settings), parse(query)
    context, authorization = SimpleNamespace(role=caller.role, caller=caller), f"Bearer {token}"
    refusals(schema, document, None, context)
    begin = time.process_time()
    for _ in range(LOOKS):
        await auth.callers.of(authorization)
        refusals(schema, document, None, context)
    return (time.process_time() - begin) / LOOKS


def _told(title: str, times: dict[str, list[float]], look_s: float) -> str:
    whole = statistics.median(times[EVERYTHING])
    return (
        f"{title}: {whole * 1e6:,.0f} µs of processor time\n"
        f"  the rules: {_share(times, NO_RULES)}\n  the rules and who calls: {_share(times, NOTHING)}\n"
        f"  both by themselves: {look_s * 1e6:.1f} µs, {look_s / whole:.2%} of it\n"
    )


def _share(times: dict[str, list[float]], without: str) -> str:
    """The median of what blocks side by side differ by, in time and of the whole."""
    spent = [one - other for one, other in zip(times[EVERYTHING], times[without], strict=True)]
    quarter, median, last = statistics.quantiles(spent, n=4)
    whole = statistics.median(times[EVERYTHING])
    error = 0.93 * (last - quarter) / len(spent) ** 0.5  # of the median, if they scatter normally
    return f"{median * 1e6:,.1f} ± {error * 1e6:,.1f} µs, {median / whole:.2%} of it"


if __name__ == "__main__":
    main()
