"""The tables."""

from collections.abc import Callable, Iterable, Sequence
from statistics import median

from bench.load import Measured
from bench.rounds import Options, Results
from bench.servers import POOL_SIZE, Kind
from bench.workloads import ROW_COUNTS, ROW_WORKLOADS, WORKLOADS

INTRODUCTION = """\
## Servers

Every server is one process with at most {pool} connections to the same PostgreSQL with the same rows;
{connections} clients on this machine keep their connections open and ask for something else each time. All
run as in production, without a line in a log for each request; our server has its access rules and limits on.
Before anything is measured all answers are compared with each other; while it is, every answer's status and
length, the rows written and PostgreSQL's error log are checked.

*The floor* is a Starlette route with one hand-written SQL statement, psycopg and orjson: what an answer costs
without GraphQL. `ENGINE=false` is our server with graphql-core's own executor.
"""

RATIOS_TEXT = """
### Ratios

*CPU* compares requests for a second of the server process's own processor time, *rate* requests a second with
clients and PostgreSQL on the same cores. Above 1 our server is ahead.
"""

FIGURES_TEXT = """
### Figures

Processor time is per request; PostgreSQL's is that of all its processes.
"""

MEMORY_TEXT = """
### Memory
"""

ROWS_TEXT = """
### Rows

Server CPU of one answer with so many rows of 4 fields, one client.
"""

Figure = Callable[[Measured], float]

RATIOS = (
    ("PostGraphile", "postgraphile"),
    ("`ENGINE=false`", "stock"),
    ("the floor", "floor"),
)


def per_cpu_second(load: Measured) -> float:
    """Requests for a second of the server's processor time."""
    return load.answers / load.server_cpu_s


def per_second(load: Measured) -> float:
    return load.answers / load.seconds


def ratio_table(results: Results) -> list[str]:
    """Our server against each of the others; a ratio is taken within a round, so that noise meets both."""
    heads = [f"CPU: × {title}" for title, _ in RATIOS] + [f"rate: × {title}" for title, _ in RATIOS]
    rows = []
    for workload in WORKLOADS.values():
        ours = results.of(workload.name, "ecoctrl")
        if ours:
            cells = [
                _spread(_ratios(ours, results.of(workload.name, other), figure))
                for figure in (per_cpu_second, per_second)
                for _, other in RATIOS
            ]
            rows.append([f"{workload.name}: {workload.title}", *cells])
    return _table(["Workload", *heads], rows)


def absolute_table(results: Results, kinds: Sequence[Kind]) -> list[str]:
    heads = [
        "Workload",
        "Server",
        "requests/s",
        "server CPU, ms",
        "PostgreSQL CPU, ms",
        "clients' CPU, ms",
        "p50, ms",
        "p99, ms",
        "bytes",
    ]
    rows = [
        [workload, kind.title, *_absolute(results.of(workload, kind.name))]
        for workload in WORKLOADS
        for kind in kinds
        if results.of(workload, kind.name)
    ]
    return _table(heads, rows)


def _absolute(loads: list[Measured]) -> list[str]:
    return [
        _spread([per_second(load) for load in loads]),
        _spread([1000 / per_cpu_second(load) for load in loads]),
        _number(median(load.postgres_cpu_s / load.answers * 1000 for load in loads)),
        _number(median(load.client_cpu_s / load.answers * 1000 for load in loads)),
        _number(median(load.p50_ms for load in loads)),
        _number(median(load.p99_ms for load in loads)),
        f"{median(load.body_bytes / load.answers for load in loads):,.0f}",
    ]


def memory_table(results: Results, kinds: Sequence[Kind]) -> list[str]:
    rows = [[kind.title, f"{results.peak_memory(kind.name) / 2**20:,.0f}"] for kind in kinds]
    return _table(["Server", "memory under load, MiB"], rows)


def row_table(results: Results, kinds: Sequence[Kind]) -> list[str]:
    """Server CPU by the number of rows in one answer, and what each further row costs."""
    heads = ["Server", *(f"{count:,} rows, ms" for count in ROW_COUNTS), "each row, µs"]
    rows = []
    for kind in kinds:
        loads = [results.of(ROW_WORKLOADS[count].name, kind.name) for count in ROW_COUNTS]
        if all(loads):
            costs = [median(1000 / per_cpu_second(load) for load in rounds) for rounds in loads]
            slope_us = (costs[-1] - costs[0]) / (ROW_COUNTS[-1] - ROW_COUNTS[0]) * 1000
            rows.append([kind.title, *map(_number, costs), _number(slope_us)])
    return _table(heads, rows)


def section(results: Results, kinds: Sequence[Kind], options: Options, notes: Iterable[str]) -> str:
    """All of it, as Markdown."""
    measured = (
        f"{options.rounds} alternating rounds of {options.seconds:g} s each after {options.warmup_s:g} s;"
        " medians, with the least and the most of the rounds in brackets"
    )
    lines = [
        INTRODUCTION.format(connections=options.connections, pool=POOL_SIZE),
        *(f"- {line}" for line in (measured, *notes)),
        RATIOS_TEXT,
        *ratio_table(results),
        FIGURES_TEXT,
        *absolute_table(results, kinds),
        MEMORY_TEXT,
        *memory_table(results, kinds),
    ]
    rows = row_table(results, kinds)
    if len(rows) > 2:
        lines += [ROWS_TEXT, *rows]
    return "\n".join([*lines, ""])


def _ratios(ours: list[Measured], theirs: list[Measured], figure: Figure) -> list[float]:
    return [figure(one) / figure(other) for one, other in zip(ours, theirs, strict=False)]


def _spread(values: list[float]) -> str:
    if not values:
        return "–"
    return f"{_number(median(values))} ({_number(min(values))}–{_number(max(values))})"


def _number(value: float) -> str:
    """With three digits that count."""
    digits = 2 if value < 10 else 1 if value < 100 else 0
    return f"{value:,.{3 if value < 0.1 else digits}f}"


def _table(heads: list[str], rows: list[list[str]]) -> list[str]:
    lines = [heads, ["---"] * len(heads), *rows]
    return [f"| {' | '.join(cells)} |" for cells in lines]
