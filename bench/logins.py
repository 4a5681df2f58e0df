"""
What logins cost everybody else: ``python -m bench.logins``.

The time of a small query is measured alone, and while twenty clients log in at once, over and over.
"""

import http.client
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import orjson

from bench.database import bench_database
from bench.login import LOG_IN, PASSWORD, headers
from bench.servers import Server, known_kinds, running

CLIENTS = 20
SECONDS = 8.0
PLAIN = {"Content-Type": "application/json", "Accept": "application/json"}
USERS = (
    "super_admin",
    "admin",
    "analyst",
    "viewer",
    "chen.wei",
    "liu.yang",
    "zhao.lei",
    "sun.jie",
    "wang.fang",
)
QUERY = orjson.dumps({"query": "{ alerts(first: 5) { nodes { id device } } }"})


def main() -> None:
    with ExitStack() as stack:
        database = stack.enter_context(bench_database())
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ecoctrl-bench-logs-")))
        kind = next(kind for kind in known_kinds()[0] if kind.name == "ecoctrl")
        server = stack.enter_context(running(kind, database.url, folder))
        asking = headers(server)
        small_queries(server, asking, SECONDS / 4)
        alone = small_queries(server, asking, SECONDS)
        with logging_in(server) as logins:
            beside = small_queries(server, asking, SECONDS)
    sys.stdout.write(
        f"small query alone: {_figures(alone)}\n"
        f"beside {CLIENTS} clients that log in: {_figures(beside)}\n"
        f"p99 × {percentile(beside, 0.99) / percentile(alone, 0.99):.2f};"
        f" {len(logins) / SECONDS:.1f} logins/s, p50 {percentile(logins, 0.5) * 1000:.0f} ms\n"
    )


def small_queries(server: Server, asking: dict[str, str], seconds: float) -> list[float]:
    """The times that queries take which one client asks one after the other, in seconds."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    times, end = [], time.perf_counter() + seconds
    while (begin := time.perf_counter()) < end:
        connection.request("POST", "/graphql", QUERY, asking)
        connection.getresponse().read()
        times.append(time.perf_counter() - begin)
    connection.close()
    return times


@contextmanager
def logging_in(server: Server) -> Iterator[list[float]]:
    """Clients that log in as long as the block runs; the times that it took, in seconds."""
    times: list[float] = []
    over = threading.Event()
    threads = [
        threading.Thread(target=_log_in, args=(server, USERS[number % len(USERS)], times, over))
        for number in range(CLIENTS)
    ]
    for thread in threads:
        thread.start()
    time.sleep(0.5)
    yield times
    over.set()
    for thread in threads:
        thread.join()


def _log_in(server: Server, user: str, times: list[float], over: threading.Event) -> None:
    body = orjson.dumps({"query": LOG_IN, "variables": {"login": user, "password": PASSWORD}})
    while not over.is_set():
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        begin = time.perf_counter()
        connection.request("POST", "/graphql", body, PLAIN)
        answer = orjson.loads(connection.getresponse().read())
        connection.close()
        if "errors" in answer:  # too many attempts at once for one account
            time.sleep(0.2)
        else:
            times.append(time.perf_counter() - begin)


def percentile(times: list[float], share: float) -> float:
    return sorted(times)[min(len(times) - 1, int(len(times) * share))]


def _figures(times: list[float]) -> str:
    return f"p50 {percentile(times, 0.5) * 1000:.2f} ms, p99 {percentile(times, 0.99) * 1000:.2f} ms"


if __name__ == "__main__":
    main()
