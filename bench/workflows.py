"""How fast workflows run: one worker, and PostgreSQL on the same machine."""

import http.client
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import orjson
import psycopg
from psycopg.types.json import Jsonb

from bench.database import BenchDatabase
from bench.errors import BenchError
from bench.login import USER, headers
from bench.processes import resident_bytes
from bench.servers import Server, environment, known_kinds, running
from ecoctrl_gql.db.jobs import defer_advance

STEPS = 20
MANY_RUNS, SINGLE_RUNS, WAITING_RUNS = 500, 60, 10_000
SETTLE_S, SPREAD_S, PATIENCE_S = 4.0, 120, 600.0
READY = b"The worker runs workflows"

TRIGGER = "mutation($id: ID!) { triggerWorkflow(input: {id: $id}) { execution { databaseId } } }"

REPLAY = """query($input: ReplayWorkflowInput!) {
  replayWorkflow(input: $input) { summary { fires truncated } } }"""

START = f"""
    WITH run AS (
        INSERT INTO workflow_executions (workflow_id, version, trigger, trigger_data)
        SELECT %s, 1, 'manual', '{{"source": "manual"}}' FROM generate_series(1, %s) RETURNING id
    )
    SELECT count(*) FROM run, LATERAL {defer_advance("run.id")} AS job
"""

# As if the hour were over: for one run after the other.
DUE = """
    CREATE TEMP TABLE due AS
    SELECT id, now() + %s * (row_number() OVER ()) / (count(*) OVER ()) * interval '1 second' AS at
    FROM workflow_executions WHERE status = 'waiting' AND workflow_id = %s
"""
END_WAITS = (
    "UPDATE workflow_steps SET due_at = at FROM due WHERE execution_id = due.id AND due_at IS NOT NULL",
    "UPDATE workflow_executions AS run SET wake_at = at FROM due WHERE run.id = due.id",
)

LATE = """
    SELECT extract(epoch FROM step.completed_at - due.at)::float8 * 1000
    FROM due JOIN workflow_steps AS step ON step.execution_id = due.id
    WHERE step.node_type = 'delay' AND step.status = 'completed'
"""


@dataclass(frozen=True, slots=True)
class Figure:
    """Something measured, and what it should be; ``good`` says whether it is."""

    title: str
    value: str
    bar: str
    good: bool


def measure(database: BenchDatabase, folder: Path, tell: Callable[[str], None]) -> str:
    """Measure everything, and tell it as Markdown."""
    ours = next(kind for kind in known_kinds()[0] if kind.name == "ecoctrl")
    ours = replace(ours, environment=(*ours.environment, ("WORKER", "false")))
    with psycopg.connect(database.url, autocommit=True) as connection:
        connection.execute("UPDATE workflows SET enabled = false")
        chain, waiting = _store(connection, _chain()), _store(connection, _waiting())
        figures: list[Figure] = []

        def add(*found: Figure) -> None:
            figures.extend(found)
            for figure in found:
                tell(f"{figure.title}: {figure.value}")

        tell("Steps of many runs …")
        add(_throughput(connection, database.url, folder, chain))
        with working(database.url, folder), running(ours, database.url, folder) as server:
            tell("Steps and triggers of single runs …")
            add(*_single(connection, server, chain))
            tell("A year, played again …")
            connection.execute("UPDATE users SET role = 'admin' WHERE username = %s", [USER])
            time.sleep(1)  # until every process knows
            add(_replay(server))
        tell(f"{WAITING_RUNS:,} runs that wait …")
        add(*_waits(connection, database.url, folder, waiting))
        return _section(figures)


@contextmanager
def working(url: str, folder: Path) -> Iterator[int]:
    """A worker, as its process id, from when it is ready to the end of the block."""
    log = folder / "worker.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            (sys.executable, "-m", "ecoctrl_gql", "worker"),
            cwd=folder,
            env=environment(url, 0, folder) | {"PYTHONUNBUFFERED": "1"},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        _until(lambda: READY in log.read_bytes() or process.poll() is not None, "The worker did not start")
        if process.poll() is not None:
            raise BenchError(f"The worker did not start:\n{log.read_text(errors='replace')[-2000:]}")
        yield process.pid
    finally:
        process.terminate()
        process.wait()


def _chain() -> dict[str, Any]:
    """One variable after the other."""
    middle = [_node(f"n{number}", "variable", set={"n": number}) for number in range(STEPS - 2)]
    return _document_of([_node("start", "start"), *middle, _node("end", "end", output="{{vars.n}}")])


def _waiting() -> dict[str, Any]:
    nodes = [_node("start", "start"), _node("wait", "delay", durationMs=3_600_000), _node("end", "end")]
    return _document_of(nodes)


def _node(id: str, type: str, **config: Any) -> dict[str, Any]:
    return {"id": id, "type": type, "name": id, "config": config}


def _document_of(nodes: list[dict[str, Any]]) -> dict[str, Any]:
    edges = [{"source": one["id"], "target": other["id"]} for one, other in pairwise(nodes)]
    return {
        "version": "1.0",
        "trigger": {"type": "manual", "config": {}},
        "nodes": nodes,
        "edges": edges,
    }


def _store(connection: psycopg.Connection[Any], dsl: dict[str, Any]) -> str:
    insert = "INSERT INTO workflows (name, dsl) VALUES ('Measured', %s) RETURNING id::text"
    return str(_value(connection, insert, Jsonb(dsl)))


def _throughput(connection: psycopg.Connection[Any], url: str, folder: Path, workflow: str) -> Figure:
    connection.execute(START, [workflow, MANY_RUNS])
    with working(url, folder):
        _until_ended(connection, workflow)
    seconds = _value(
        connection,
        "SELECT extract(epoch FROM max(step.completed_at) - min(step.started_at))::float8"
        " FROM workflow_steps AS step JOIN workflow_executions AS run ON run.id = execution_id"
        " WHERE workflow_id = %s",
        workflow,
    )
    rate = MANY_RUNS * STEPS / seconds
    return Figure("journalled steps a second, one worker", f"{rate:,.0f}", "at least 250", rate >= 250)


def _single(connection: psycopg.Connection[Any], server: Server, workflow: str) -> list[Figure]:
    shown = headers(server)
    http_connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    body = orjson.dumps({"query": TRIGGER, "variables": {"id": f"workflow_{workflow}"}})
    starts, gaps = [], []
    for _ in range(SINGLE_RUNS):
        begin = time.time()
        http_connection.request("POST", "/graphql", body, shown)
        answer = orjson.loads(http_connection.getresponse().read())
        key = answer["data"]["triggerWorkflow"]["execution"]["databaseId"]
        _until_ended(connection, workflow)
        steps = connection.execute(
            "SELECT extract(epoch FROM started_at)::float8 FROM workflow_steps"
            " WHERE execution_id = %s ORDER BY id",
            [key],
        ).fetchall()
        moments = [float(row[0]) for row in steps]
        starts.append((moments[0] - begin) * 1000)
        gaps += [(later - earlier) * 1000 for earlier, later in pairwise(moments)]
    http_connection.close()
    step, start = _share(gaps, 0.95), _share(starts, 0.5)
    return [
        Figure("a step, p50", f"{_share(gaps, 0.5):.1f} ms", "", good=True),
        Figure("a step, p95", f"{step:.1f} ms", "under 10 ms", step < 10),
        Figure(
            "from the manual trigger to the first step, p50", f"{start:.1f} ms", "within 50 ms", start <= 50
        ),
        Figure("the same, p95", f"{_share(starts, 0.95):.1f} ms", "", good=True),
    ]


def _replay(server: Server) -> Figure:
    """A year of an hourly schedule that reads, decides and would raise an alert."""
    nodes = [
        _node("begin", "start"),
        _node("hour", "variable", set={"hour": "{{parseInt(trigger.scheduledAt.slice(11, 13))}}"}),
        _node("tell", "alert", device="Clock", message="{{vars.hour}} o'clock"),
        _node("end", "end", output={"hour": "{{vars.hour}}"}),
    ]
    schedule = {"type": "schedule", "config": {"cron": "0 * * * *", "timezone": "UTC"}}
    year = {"from": "2025-01-01T00:00:00Z", "to": "2025-12-31T23:59:59Z"}
    variables = {"input": {"dsl": {**_document_of(nodes), "trigger": schedule}, **year}}
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    begin = time.perf_counter()
    connection.request(
        "POST", "/graphql", orjson.dumps({"query": REPLAY, "variables": variables}), headers(server)
    )
    answer = orjson.loads(connection.getresponse().read())
    seconds = time.perf_counter() - begin
    connection.close()
    if answer["data"]["replayWorkflow"]["summary"] != {"fires": 8760, "truncated": False}:
        raise BenchError("The year was not played whole.")
    title = "a year of an hourly schedule, played again"
    return Figure(title, f"{seconds:.1f} s", "under 60 s", seconds < 60)


def _waits(connection: psycopg.Connection[Any], url: str, folder: Path, workflow: str) -> list[Figure]:
    with working(url, folder) as pid:
        time.sleep(SETTLE_S)
        without = resident_bytes(pid) / 2**20
    connection.execute(START, [workflow, WAITING_RUNS])
    with working(url, folder):
        _until(
            lambda: _count(connection, workflow, "status = 'waiting'") == WAITING_RUNS, "Not all runs wait"
        )
    with working(url, folder) as pid:
        time.sleep(SETTLE_S)
        with_them = resident_bytes(pid) / 2**20
        connection.execute(DUE, [SPREAD_S, workflow])
        for statement in END_WAITS:
            connection.execute(statement)
        _until_ended(connection, workflow)
    late = [float(row[0]) for row in connection.execute(LATE)]
    if len(late) != WAITING_RUNS:
        raise BenchError(f"Only {len(late):,} of {WAITING_RUNS:,} runs have gone on.")
    grown = with_them - without
    return [
        Figure("a worker's memory, nothing to do", f"{without:.1f} MiB", "", good=True),
        Figure(f"the same, {WAITING_RUNS:,} runs waiting", f"{with_them:.1f} MiB", "no more", grown < 3),
        Figure(
            f"how late they go on after a restart, {WAITING_RUNS / SPREAD_S:.0f} a second: p95",
            f"{_share(late, 0.95):.0f} ms",
            "on time",
            _share(late, 0.95) < 1000,
        ),
        Figure("the same, the latest", f"{max(late):.0f} ms", "", good=True),
    ]


def _value(connection: psycopg.Connection[Any], query: Any, *values: Any) -> Any:
    row = connection.execute(query, values).fetchone()
    return None if row is None else row[0]


def _count(connection: psycopg.Connection[Any], workflow: str, condition: str) -> int:
    query = f"SELECT count(*) FROM workflow_executions WHERE workflow_id = %s AND {condition}"
    return int(_value(connection, query, workflow))


def _until_ended(connection: psycopg.Connection[Any], workflow: str) -> None:
    _until(lambda: _count(connection, workflow, "completed_at IS NULL") == 0, "The runs did not end")
    failed = _count(connection, workflow, "status <> 'completed'")
    if failed:
        raise BenchError(f"{failed} runs failed.")


def _until(holds: Callable[[], bool], otherwise: str) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not holds():
        if time.monotonic() > deadline:
            raise BenchError(f"{otherwise} within {PATIENCE_S:g} seconds.")
        time.sleep(0.05)


def _share(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def _section(figures: list[Figure]) -> str:
    lines = ["## Workflows", "", "| | measured | wanted | |", "|---|---:|---|---|"]
    lines += [
        f"| {figure.title} | {figure.value} | {figure.bar} | {'' if figure.good else 'missed'} |"
        for figure in figures
    ]
    return "\n".join([*lines, ""])
