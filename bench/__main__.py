"""The command: ``python -m bench``."""

import argparse
import signal
import sys
import tempfile
from collections.abc import Callable, Collection, Mapping
from contextlib import ExitStack
from pathlib import Path

from bench.database import BenchDatabase, bench_database
from bench.errors import BenchError
from bench.events import measure as measure_events
from bench.machine import busy, machine
from bench.report import section
from bench.rounds import Options, run_rounds
from bench.servers import SERVERS, known_kinds, running
from bench.workflows import measure as measure_workflows
from bench.workloads import ROW_WORKLOADS, WORKLOADS, Workload
from ecoctrl_gql.errors import EcoctrlError


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="alternating rounds (3)")
    parser.add_argument("--seconds", type=float, default=2.5, help="measured of each load (2.5)")
    parser.add_argument("--warmup", type=float, default=1.0, help="seconds before each measurement (1)")
    parser.add_argument("--connections", type=int, default=32, help="clients (32)")
    parser.add_argument("--workloads", type=_some_of(WORKLOADS), default=list(WORKLOADS), help="W1,W4 (all)")
    parser.add_argument(
        "--servers", type=_some_of(SERVERS), default=list(SERVERS), help="ecoctrl,floor (all)"
    )
    parser.add_argument(
        "--rows", action=argparse.BooleanOptionalAction, default=True, help="cost by rows too"
    )
    parser.add_argument(
        "--parts", type=_some_of(PARTS), default=list(PARTS), help="what to measure: servers,workflows (all)"
    )
    parser.add_argument("--output", type=Path, help="the Markdown file to write")
    return parser.parse_args()


def main() -> None:
    given = arguments()
    # as if Ctrl+C were pressed, so that servers and the database end too
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    tell("Building the data …")
    try:
        text = bench(given)
    except (BenchError, EcoctrlError) as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit("Stopped.")
    if given.output is not None:
        given.output.write_text(text, encoding="utf-8")
    sys.stdout.write(text)


def bench(given: argparse.Namespace) -> str:
    """Measure what was asked for, and tell it as Markdown."""
    warning = busy()
    with ExitStack() as stack:
        database = stack.enter_context(bench_database())
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ecoctrl-bench-logs-")))
        notes = [*([warning] if warning else []), *machine(database)]
        sections = [PARTS[name](given, database, folder) for name in given.parts]
    return "\n".join([INTRODUCTION, *(f"- {note}" for note in notes), "", *sections])


def bench_servers(given: argparse.Namespace, database: BenchDatabase, folder: Path) -> str:
    """Put the same loads on each server."""
    options = Options(given.rounds, given.seconds, given.warmup, given.connections)
    known, notes = known_kinds()
    kinds = [kind for kind in known if kind.name in given.servers]
    asked: list[Workload] = [WORKLOADS[name] for name in given.workloads]
    asked += ROW_WORKLOADS.values() if given.rows else ()
    with ExitStack() as stack:
        servers = [stack.enter_context(running(kind, database.url, folder)) for kind in kinds]
        return section(run_rounds(database, servers, asked, options, tell), kinds, options, notes)


PARTS: Mapping[str, Callable[[argparse.Namespace, BenchDatabase, Path], str]] = {
    "servers": bench_servers,
    "subscriptions": lambda _, database, folder: measure_events(database, folder, tell),
    "workflows": lambda _, database, folder: measure_workflows(database, folder, tell),
}
"""What is measured, in the order of the page: each gives its section of it."""

INTRODUCTION = "# Benchmarks\n\n`make bench` measures this and writes this page.\n"


def _some_of(known: Collection[str]) -> Callable[[str], list[str]]:
    def names(text: str) -> list[str]:
        given = text.split(",")
        if unknown := [name for name in given if name not in known]:
            raise argparse.ArgumentTypeError(f"{unknown[0]} is none of {', '.join(known)}")
        return given

    return names


def tell(text: str) -> None:
    sys.stderr.write(f"{text}\n")


if __name__ == "__main__":
    main()
