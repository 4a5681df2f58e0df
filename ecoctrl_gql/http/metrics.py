"""Figures for Prometheus."""

import os

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from ecoctrl_gql.http.exchange import Exchange

# prometheus-client's own: where several processes keep their figures so that any can tell all.
MULTIPROCESS_DIRECTORY = "PROMETHEUS_MULTIPROC_DIR"

DURATION_BUCKETS_S = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)

OTHER = "none"


class Metrics:
    """
    The server's counters.

    ``operation`` is query, mutation, subscription, invalid, or none for requests outside GraphQL.
    """

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "ecoctrl_http_requests_total",
            "Answered requests by kind of GraphQL operation and HTTP status.",
            ["operation", "status"],
            registry=self._registry,
        )
        self._durations = Histogram(
            "ecoctrl_http_request_duration_seconds",
            "Time from a request's headers to the end of its answer.",
            ["operation"],
            buckets=DURATION_BUCKETS_S,
            registry=self._registry,
        )
        self.sockets_open = Gauge(
            "ecoctrl_websockets_open",
            "Open websockets.",
            registry=self._registry,
            multiprocess_mode="livesum",
        )
        self._requests_of: dict[tuple[str, int], Counter] = {}
        self._durations_of: dict[str, Histogram] = {}

    def count(self, exchange: Exchange) -> None:
        """Count an answered request."""
        operation = exchange.operation.kind if exchange.operation is not None else OTHER
        # Looking a child up by its labels costs more than counting.
        key = (operation, exchange.status)
        if key not in self._requests_of:
            self._requests_of[key] = self._requests.labels(operation, str(exchange.status))
            self._durations_of.setdefault(operation, self._durations.labels(operation))
        self._requests_of[key].inc()
        if operation != "subscription":
            self._durations_of[operation].observe(exchange.duration_s)

    def render(self) -> bytes:
        """The figures in Prometheus' text format; those of all processes where there are several."""
        if MULTIPROCESS_DIRECTORY not in os.environ:
            return generate_latest(self._registry)
        shared = CollectorRegistry()
        MultiProcessCollector(shared)  # type: ignore[no-untyped-call]  # the library's
        return generate_latest(shared)
