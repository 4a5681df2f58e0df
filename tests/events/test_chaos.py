"""
Whatever happens, each committed alert is told once to each who follows, in order.

``EVENTS_CHAOS_CUTS=1000`` cuts more connections than the usual run does; ``EVENTS_CHAOS_SEED`` repeats one.
"""

import asyncio
import os
import random
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from chaos import LEVELS, Follower, Site, Writer, free_port
from event_server import cursor_of_now

from ecoctrl_gql.db.embedded import EmbeddedPostgres
from ecoctrl_gql.db.migrations import migrate

CUTS = int(os.environ.get("EVENTS_CHAOS_CUTS", "300"))
SEED = int(os.environ.get("EVENTS_CHAOS_SEED", "0")) or random.SystemRandom().randrange(1, 10**9)
WRITERS = 8
FOLLOWERS = 20
KILLS = 4
CRASHES = 2
TERMINATIONS = 8


@pytest.fixture
def site() -> Iterator[Site]:
    folder = Path(tempfile.mkdtemp(prefix="ecoctrl-chaos-"))
    folder.chmod(0o755)
    postgres = EmbeddedPostgres(folder / "postgres")
    url = postgres.start()
    migrate(url)
    made = Site(postgres, url, folder, free_port())
    made.start_server()
    yield made
    made.kill_server()
    postgres.stop()
    shutil.rmtree(folder, ignore_errors=True)


async def test_nothing_is_lost_doubled_or_out_of_order(site: Site):
    sys.stderr.write(f"EVENTS_CHAOS_SEED={SEED}\n")
    chance = repeatable(SEED)
    await site.ready()
    begin = await cursor_of_now(site.http)
    writers = [Writer(site, f"w{index}", repeatable(chance.random())) for index in range(WRITERS)]
    followers = [
        Follower(site, repeatable(chance.random()), begin, chance.choice((None, *LEVELS)))
        for _ in range(FOLLOWERS)
    ]
    stop = asyncio.Event()
    writing = [asyncio.create_task(writer.run(stop)) for writer in writers]
    happening = asyncio.create_task(accidents(site, chance))
    async with asyncio.TaskGroup() as group:
        for follower in followers:
            group.create_task(cut_off(follower, happening))
    stop.set()
    await asyncio.gather(*writing)
    rows = committed(site.url)
    expected = [Counter(text for text, level in rows if f.level in (None, level)) for f in followers]
    async with asyncio.TaskGroup() as group:
        for follower, messages in zip(followers, expected, strict=True):
            group.create_task(follower.catch_up(messages.total()))

    cuts, told = sum(f.cuts for f in followers), sum(len(f.told) for f in followers)
    sys.stderr.write(f"{len(rows)} alerts, told {told} times, {cuts} cuts\n")
    assert (len(rows) > 300, cuts >= CUTS) == (True, True)
    for follower, messages in zip(followers, expected, strict=True):
        heard = Counter(follower.told)
        assert (heard - messages, messages - heard) == (Counter(), Counter())  # doubled, lost
        assert_ordered(follower)


def repeatable(seed: float) -> random.Random:
    return random.Random(seed)


async def cut_off(follower: Follower, accidents: asyncio.Task[None]) -> None:
    while follower.cuts < CUTS // FOLLOWERS or not accidents.done():
        await follower.follow(follower.random.random() ** 2 * 3)
        await asyncio.sleep(0.05)


async def accidents(site: Site, chance: random.Random) -> None:
    """Let everything happen that may."""
    coming = [site.restart_server] * KILLS + [site.restart_database] * CRASHES
    coming += [site.terminate_connections] * TERMINATIONS
    chance.shuffle(coming)
    for accident in coming:
        await asyncio.sleep(chance.random() * 2)
        await accident()


def committed(url: str) -> list[tuple[str, str]]:
    with psycopg.connect(url) as connection:
        return connection.execute("SELECT message, level FROM alerts").fetchall()


def assert_ordered(follower: Follower) -> None:
    """Each writer's alerts in the order in which it wrote them, and none before its cause."""
    last: Counter[str] = Counter()
    places = {message.partition(" ")[0]: index for index, message in enumerate(follower.told)}
    for index, message in enumerate(follower.told):
        name, _, cause = message.partition(" after ")
        writer, number = name.split(":")
        assert int(number) > last[writer]
        last[writer] = int(number)
        assert places.get(cause, -1) < index
