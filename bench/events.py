"""How fast events reach subscribers: from the commit of a plain INSERT to the arrival of the frame."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import orjson
import psycopg

from bench.database import BenchDatabase
from bench.errors import BenchError
from bench.event_clients import Job
from bench.login import headers
from bench.processes import cpu_seconds, resident_bytes
from bench.servers import HERE, Kind, Server, known_kinds, running
from bench.workloads import FLOOR

PLAIN = Kind("plain", "Strawberry's plain way", FLOOR, (sys.executable, "-m", "bench.plain_events"))

INSERT = "INSERT INTO alerts (device, level, message) VALUES ('Raised here', 'high', %s)"
BURST = (
    "INSERT INTO alerts (device, level, message)"
    " SELECT 'Raised here', 'high', n FROM generate_series(%s::int, %s) AS n"
)

ONE_SHAPE = ["subscription { alertAdded { cursor alert { id message level status time } } }"]
SHAPES = [
    f"subscription {{ alertAdded {{ cursor alert {{ id message level status s{number}: device }} }} }}"
    for number in range(20)
]


@dataclass(frozen=True, slots=True)
class Trial:
    """
    What is tried.

    Attributes:
        sockets: How many subscribers there are, with one operation each.
        alerts: How many alerts are raised.
        per_s: How many of them a second, each in a transaction; None for all at once, in one.
    """

    title: str
    operations: list[str]
    sockets: int
    alerts: int
    per_s: float | None


TRIALS = [
    Trial("1,000 subscribers of 20 shapes, 10 alerts a second", SHAPES, 1000, 150, 10),
    Trial("2,000 subscribers of one shape, 5 alerts a second", ONE_SHAPE, 2000, 75, 5),
    Trial("500 subscribers of one shape, a burst of 200 alerts", ONE_SHAPE, 500, 200, None),
]
PLAIN_TRIAL = Trial("the same burst by Strawberry's plain way", ONE_SHAPE, 500, 200, None)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a trial; latencies in ms, from the commit, and ``seconds`` until all had come."""

    trial: Trial
    messages: int
    p50_ms: float
    p99_ms: float
    worst_ms: float
    seconds: float
    cpu_s: float
    bytes_a_socket: float


def measure(database: BenchDatabase, folder: Path, tell: Callable[[str], None]) -> str:
    """Try everything, and tell it as Markdown."""
    ours = next(kind for kind in known_kinds()[0] if kind.name == "ecoctrl")
    outcomes = []
    for kind, trials in ((ours, TRIALS), (PLAIN, [PLAIN_TRIAL])):
        for trial in trials:
            tell(f"{trial.title} …")
            with running(kind, database.url, folder) as server:
                outcomes.append(_try(trial, server, database.url))
            tell(_line(outcomes[-1]))
    return _section(outcomes)


def _try(trial: Trial, server: Server, url: str) -> Outcome:
    authorization = headers(server).get("Authorization", "")
    job = Job(
        server.port,
        authorization,
        trial.operations,
        [{}] * len(trial.operations),
        trial.sockets,
        trial.alerts,
        120,
    )
    before = resident_bytes(server.pid)
    with _clients(job) as clients:
        time.sleep(2)  # the last subscriptions begin
        held = resident_bytes(server.pid) - before
        cpu = cpu_seconds(server.pid)
        committed = _raise(trial, url)
        came = orjson.loads(clients.communicate(timeout=150)[0])
        cpu = cpu_seconds(server.pid) - cpu
    return _outcome(trial, committed, came, cpu, held)


@contextmanager
def _clients(job: Job) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.event_clients"],
        cwd=HERE.parent,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        if process.stdin is None or process.stdout is None:
            raise BenchError("The subscribers could not be started.")
        process.stdin.write(orjson.dumps(asdict(job)) + b"\n")
        process.stdin.flush()
        if process.stdout.readline() != b"ready\n":
            raise BenchError("The subscribers could not subscribe.")
        yield process
    finally:
        process.kill()
        process.wait()


def _raise(trial: Trial, url: str) -> dict[int, float]:
    """Raise the alerts; when each was committed, by the machine's monotonic clock."""
    committed = {}
    with psycopg.connect(url, autocommit=True) as connection:
        if trial.per_s is None:
            connection.execute(BURST, [1, trial.alerts])
            return dict.fromkeys(range(1, trial.alerts + 1), time.monotonic())
        begin = time.monotonic()
        for number in range(1, trial.alerts + 1):
            time.sleep(max(0.0, begin + number / trial.per_s - time.monotonic()))
            connection.execute(INSERT, [str(number)])
            committed[number] = time.monotonic()
    return committed


def _outcome(
    trial: Trial, committed: dict[int, float], came: list[list[tuple[int, float]]], cpu: float, held: int
) -> Outcome:
    expected = list(range(1, trial.alerts + 1))
    wrong = sum([number for number, _ in numbers] != expected for numbers in came)
    if wrong:
        raise BenchError(f"{wrong} of {len(came)} subscribers were not told each alert once, in order.")
    latencies = sorted(max(0.0, at - committed[number]) for numbers in came for number, at in numbers)
    last = max(at for numbers in came for _, at in numbers)
    return Outcome(
        trial,
        len(latencies),
        latencies[len(latencies) // 2] * 1000,
        latencies[int(len(latencies) * 0.99)] * 1000,
        latencies[-1] * 1000,
        last - min(committed.values()),
        cpu,
        held / trial.sockets,
    )


def _line(outcome: Outcome) -> str:
    return (
        f"| {outcome.trial.title} | {outcome.messages:,} | {outcome.p50_ms:.1f} | {outcome.p99_ms:.1f}"
        f" | {outcome.worst_ms:.1f} | {outcome.seconds:.2f} | {outcome.cpu_s:.2f}"
        f" | {outcome.bytes_a_socket / 1000:.1f} |"
    )


def _section(outcomes: list[Outcome]) -> str:
    lines = [
        "## Subscriptions",
        "",
        "From the commit of a plain `INSERT` to the arrival of the frame.",
        "",
        "| | messages | p50 ms | p99 ms | worst ms | all after s | server CPU s | kB a socket |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    lines += map(_line, outcomes)
    burst, plain = outcomes[-2:]
    lines += [
        "",
        f"The burst takes Strawberry's plain way {plain.cpu_s / burst.cpu_s:.1f} times the processor time.",
    ]
    return "\n".join([*lines, ""])
