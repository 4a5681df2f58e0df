"""Alternating rounds: whatever else the machine does then meets every server alike."""

import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field

import orjson

from bench.answers import checked_lengths
from bench.database import BenchDatabase
from bench.errors import BenchError
from bench.load import Job, Measured
from bench.login import headers
from bench.servers import HERE, Server
from bench.workloads import Workload

Lengths = dict[str, list[int] | None]


@dataclass(frozen=True, slots=True)
class Options:
    """How long and how hard."""

    rounds: int
    seconds: float
    warmup_s: float
    connections: int


@dataclass(slots=True)
class Results:
    """What was measured, by names of workload and server, round by round."""

    rounds: dict[tuple[str, str], list[Measured]] = field(default_factory=lambda: defaultdict(list))

    def of(self, workload: str, server: str) -> list[Measured]:
        return self.rounds.get((workload, server), [])

    def peak_memory(self, server: str) -> int:
        """The most bytes of memory that a server held at the end of any load."""
        return max(
            (load.server_rss for (_, name), loads in self.rounds.items() if name == server for load in loads),
            default=0,
        )


def run_rounds(
    database: BenchDatabase,
    servers: Sequence[Server],
    workloads: Sequence[Workload],
    options: Options,
    tell: Callable[[str], None],
) -> Results:
    """
    Check that all servers answer alike, then measure each with each workload in every round.

    Raises:
        BenchError: Answers differ or fail, or PostgreSQL told an error.
    """
    asked = {workload.name: _askable(servers, workload) for workload in workloads}
    lengths: dict[str, Lengths] = {}
    for workload in workloads:
        tell(f"Comparing answers: {workload.name}, {workload.title}")
        lengths[workload.name] = checked_lengths(asked[workload.name], workload, database.samples)
        database.remove_raised_alerts()
    results = Results()
    for number in range(options.rounds):
        tell(f"Round {number + 1} of {options.rounds}")
        for workload in workloads:
            for server in _rotated(asked[workload.name], number):
                measured = measure(
                    database, server, workload, lengths[workload.name][server.kind.name], options
                )
                results.rounds[workload.name, server.kind.name].append(measured)
    return results


def _askable(servers: Sequence[Server], workload: Workload) -> list[Server]:
    return [server for server in servers if server.kind.dialect in workload.dialects()]


def _rotated(servers: list[Server], number: int) -> list[Server]:
    """Each server comes first in some round: none gains by always following the same."""
    first = number % len(servers)
    return servers[first:] + servers[:first]


def measure(
    database: BenchDatabase, server: Server, workload: Workload, lengths: list[int] | None, options: Options
) -> Measured:
    """
    Put one load on one server.

    Raises:
        BenchError: A wrong answer, an error of PostgreSQL, or rows that do not match the answers.
    """
    log_size = database.log_size()
    job = Job(
        port=server.port,
        path=workload.path(server.kind.dialect),
        headers=headers(server),
        bodies=[body.decode() for body in workload.bodies(server.kind.dialect, database.samples)],
        lengths=lengths,
        connections=workload.connections or options.connections,
        warmup_s=options.warmup_s,
        seconds=options.seconds,
        server=server.pid,
        postmaster=database.postmaster,
    )
    measured = _load(job, f"{workload.name} on {server.kind.name}")
    problems = [*measured.wrong, *database.errors_since(log_size)]
    if workload.writes and (removed := database.remove_raised_alerts()) != measured.all_answers:
        problems.append(f"{measured.all_answers} answers, but {removed} new rows")
    if problems or not measured.answers:
        raise BenchError(f"{workload.name} on {server.kind.name}: " + "\n".join(problems or ["no answer"]))
    return measured


def _load(job: Job, name: str) -> Measured:
    done = subprocess.run(
        [sys.executable, "-m", "bench.load"],
        cwd=HERE.parent,
        input=orjson.dumps(asdict(job)),
        capture_output=True,
        check=False,
    )
    if done.returncode:
        raise BenchError(f"{name}: the clients failed:\n{done.stderr.decode(errors='replace')[-2000:]}")
    return Measured(**orjson.loads(done.stdout))
