"""
Whatever is killed and whenever: every run ends as its workflow says, having done everything once.

``WORKFLOW_CRASH_KILLS=1000`` kills more often than the usual run does, and the database too;
``WORKFLOW_CRASH_SEED`` repeats the choices of one.
"""

import asyncio
import os
import random
import shutil
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import psycopg
import pytest
from crash import Crashing, WebService, Workers, web_service
from crash_kinds import KINDS, Kind
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from ecoctrl_gql.db.database import Database
from ecoctrl_gql.db.embedded import EmbeddedPostgres
from ecoctrl_gql.db.migrations import migrate
from ecoctrl_gql.errors import EcoctrlError
from ecoctrl_gql.workflows.runs.service import trigger_workflow

KILLS = int(os.environ.get("WORKFLOW_CRASH_KILLS", "50"))
SEED = int(os.environ.get("WORKFLOW_CRASH_SEED", "0")) or random.SystemRandom().randrange(1, 10**9)
WORKERS = 3
CRASHES, CUTS = KILLS // 100, KILLS // 25
"""Of the database, and of connections to it: only in the long run does the database crash."""

BETWEEN_KILLS_S = 0.7
BETWEEN_RUNS_S = 0.06
STUCK_S = 30
NAMES = [name for name in KINDS if name != "queued"]
"""All but the workflow whose runs wait for each other: of those there are few, for each is killed alone."""

TAKEN = "SELECT coalesce(sum(steps), 0) FROM workflow_executions"
ENDED = "SELECT count(*) FROM workflow_executions WHERE completed_at IS NULL"


@pytest.fixture
def site() -> Iterator[Crashing]:
    folder = Path(tempfile.mkdtemp(prefix="ecoctrl-crash-"))
    folder.chmod(0o755)
    postgres = EmbeddedPostgres(folder / "postgres")
    url = postgres.start()
    migrate(url)
    yield Crashing(postgres, url)
    postgres.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.timeout(120 + KILLS * 3)
async def test_every_run_ends_as_it_should_whatever_is_killed(site: Crashing, tmp_path: Path):
    sys.stderr.write(f"WORKFLOW_CRASH_SEED={SEED}\n")
    chance = random.Random(SEED)
    with web_service(random.Random(chance.random())) as web:
        workflows = store(site.url, web.url)
        workers = Workers(site.url, tmp_path, random.Random(chance.random()), WORKERS)
        workers.start()
        try:
            stop = asyncio.Event()
            starting = asyncio.create_task(
                start_runs(site.url, workflows, random.Random(chance.random()), stop)
            )
            await accidents(site, workers, chance)
            calm = datetime.now(UTC)
            stop.set()
            accepted = await starting
            await until_all_ended(site.url)
        finally:
            workers.stop()
    with psycopg.connect(site.url, row_factory=dict_row) as connection:
        runs = read_runs(connection)
        alerts = read_alerts(connection)
    counts = (
        f"{len(runs)} runs, {workers.kills} kills, {web.calls} calls, {sum(map(len, alerts.values()))} rows"
    )
    sys.stderr.write(f"{counts}\n")

    assert workers.kills == KILLS
    assert len(runs) >= KILLS
    assert {str(run["id"]) for run in runs} >= accepted
    for run in runs:
        kind = KINDS[run["name"]]
        check_end(run, kind)
        check_journal(run)
        if run["name"] != "queued":  # that one waits for others
            assert longest_gap(run, calm) < timedelta(seconds=STUCK_S), run["name"]
        assert Counter(alerts[run["number"]]) == Counter(kind.alerts), run["name"]
        check_calls(run, kind, web)
    keys = [key for each in web.keys.values() for key in each]
    assert len(keys) == len(set(keys))  # no two steps have one
    check_turns([run for run in runs if run["name"] == "queued"])


def store(url: str, web: str) -> dict[str, str]:
    """The workflows' keys by their names."""
    insert = "INSERT INTO workflows (name, dsl) VALUES (%s, %s) RETURNING id"
    with psycopg.connect(url, autocommit=True) as connection:
        return {
            name: str(connection.execute(insert, [name, Jsonb(kind.dsl(web))]).fetchone()[0])
            for name, kind in KINDS.items()
        }


async def start_runs(
    url: str, workflows: dict[str, str], chance: random.Random, stop: asyncio.Event
) -> set[str]:
    """Start one run after the other; gives those that were accepted."""
    database, accepted, number = Database(url, pool_size=2), set(), 0
    await database.open()
    try:
        while not stop.is_set():
            number += 1
            with suppress(EcoctrlError):  # the database is away
                key = workflows[chance.choice([*NAMES, "queued"] if number % 5 == 0 else NAMES)]
                run = await trigger_workflow(database, key, {"run": number}, user_id=None)
                accepted.add(run.id)
            await asyncio.sleep(BETWEEN_RUNS_S)
    finally:
        await database.close()
    return accepted


async def accidents(site: Crashing, workers: Workers, chance: random.Random) -> None:
    """Let everything happen that may."""
    coming = [workers.replace_one] * KILLS + [site.crash] * CRASHES + [site.cut_connections] * CUTS
    chance.shuffle(coming)
    for accident in coming:
        before = taken(site.url)
        await asyncio.sleep(chance.random() * BETWEEN_KILLS_S)
        for _ in range(100):  # on a slow machine, too, something lies between two accidents
            if taken(site.url) != before:
                break
            await asyncio.sleep(0.05)
        await asyncio.to_thread(accident)


def taken(url: str) -> int:
    """How many steps all runs have taken."""
    with psycopg.connect(url) as connection:
        return int(connection.execute(TAKEN).fetchone()[0])


async def until_all_ended(url: str) -> None:
    """Wait as long as runs end."""
    left, since = -1, time.monotonic()
    while True:
        with psycopg.connect(url) as connection:
            now_left = connection.execute(ENDED).fetchone()[0]
        if now_left == 0:
            return
        if now_left != left:
            left, since = now_left, time.monotonic()
        assert time.monotonic() - since < STUCK_S, f"{left} runs are stuck"
        await asyncio.sleep(0.2)


def read_runs(connection: psycopg.Connection[Any]) -> list[dict[str, Any]]:
    runs = connection.execute(
        "SELECT run.*, name, (trigger_data->>'run')::int AS number FROM workflow_executions AS run"
        " JOIN workflows ON workflows.id = workflow_id ORDER BY started_at"
    ).fetchall()
    journal = defaultdict(list)
    for step in connection.execute("SELECT * FROM workflow_steps ORDER BY id"):
        journal[step["execution_id"]].append(step)
    return [run | {"journal": journal[run["id"]], "taken": run["steps"]} for run in runs]


def read_alerts(connection: psycopg.Connection[Any]) -> dict[int, list[str]]:
    alerts = defaultdict(list)
    for alert in connection.execute("SELECT device, message FROM alerts"):
        alerts[int(alert["device"].removeprefix("run "))].append(alert["message"])
    return alerts


def check_end(run: dict[str, Any], kind: Kind) -> None:
    assert (run["status"], run["dead"]) == ("failed" if kind.fails else "completed", False), run["error"]
    assert run["result"]["output"] == kind.output(run["number"])
    if kind.fails:
        assert (run["node_id"], run["error"]) == ("ask", "ask: The answer was 500 Internal Server Error.")


def check_journal(run: dict[str, Any]) -> None:
    """Every step ended, and none is missing in the log."""
    steps = run["journal"]
    assert len(steps) == run["taken"] == len(run["result"]["nodeLogs"])
    assert {step["status"] for step in steps} <= {"completed", "failed"}
    logged = [(entry["path"], entry["attempt"], entry["status"]) for entry in run["result"]["nodeLogs"]]
    kept = [(step["path"], step["attempt"], step["status"]) for step in steps]
    assert sorted(logged) == sorted(kept)
    if run["name"] != "parallel":  # there two steps end at the same time
        assert logged == kept


def longest_gap(run: dict[str, Any], since: datetime) -> timedelta:
    """The longest time in which nothing happened to a run, after the last accident."""
    happened = [step[when] for step in run["journal"] for when in ("started_at", "completed_at")]
    moments = sorted(max(since, moment) for moment in [run["started_at"], *happened, run["completed_at"]])
    return max(later - earlier for earlier, later in pairwise(moments))


def check_calls(run: dict[str, Any], kind: Kind, web: WebService) -> None:
    """Each step asked, and always the same under the same key."""
    steps = {step for number, step in web.keys if number == run["number"]}
    assert steps == set(kind.calls), run["name"]
    for step in steps:
        [key] = web.keys[run["number"], step]
        assert key.startswith(run["effect_id"])
        if run["name"] != "retrying":  # where a try that failed is followed by another, the time has gone on
            assert len(web.bodies[key]) == 1


def check_turns(runs: list[dict[str, Any]]) -> None:
    """One at a time."""
    spans = sorted((run["journal"][0]["started_at"], run["completed_at"]) for run in runs)
    for (_, end), (begin, _) in pairwise(spans):
        assert end <= begin
