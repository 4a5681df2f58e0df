"""What is asked of the servers: the same things in the words of each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from bench.queries import FLOOR, OURS, POSTGRAPHILE, QUERIES, Dialect
from bench.samples import Samples

Variables = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Workload:
    """
    One kind of request.

    Attributes:
        name: Its short name.
        title: What it asks for.
        variables: The values that vary from request to request; more than there are connections, so that
            no two requests under way ask for the same.
        ids: Which variables are ids, and the type that a global id of ours names for them.
        closed_sets: Which variables are values of enums.
        changing: Fields whose values no two answers share.
        connections: How many clients ask at the same time; None for as many as the run has.
    """

    name: str
    title: str
    variables: Callable[[Samples], list[Variables]]
    ids: Mapping[str, str]
    closed_sets: frozenset[str] = frozenset()
    changing: frozenset[str] = frozenset()
    connections: int | None = None

    @property
    def writes(self) -> bool:
        return bool(self.changing)

    def dialects(self) -> frozenset[Dialect]:
        """Who can be asked."""
        return frozenset(QUERIES[self.name])

    def path(self, dialect: Dialect) -> str:
        return f"/{self.name}" if dialect == FLOOR else "/graphql"

    def bodies(self, dialect: Dialect, samples: Samples) -> list[bytes]:
        """The bodies of the requests, in their order."""
        query = QUERIES[self.name][dialect]
        asked = self.variables(samples)
        if dialect == OURS:
            asked = [self._ours(variables) for variables in asked]
        return [orjson.dumps({"query": query, "variables": variables}) for variables in asked]

    def _ours(self, variables: Variables) -> Variables:
        return {
            name: f"{self.ids[name]}_{value}"
            if name in self.ids
            else value.upper()
            if name in self.closed_sets
            else value
            for name, value in variables.items()
        }


def _alert_ids(samples: Samples) -> list[Variables]:
    return [{"id": alert_id} for alert_id in samples.alert_ids[::10]]


def _devices(samples: Samples) -> list[Variables]:
    return [{"device": device} for device in samples.devices]


def _areas(samples: Samples) -> list[Variables]:
    return [{"area": area_id} for area_id in samples.area_ids]


def _users(samples: Samples) -> list[Variables]:
    return [{"user": user_id} for user_id in samples.user_ids]


def _new_alerts(_: Samples) -> list[Variables]:
    levels = ("high", "medium", "low")
    return [
        {
            "device": f"Raised {number:02}",
            "level": levels[number % 3],
            "message": f"Supply air {number} K too warm",
        }
        for number in range(64)
    ]


def _rows(number: int) -> Callable[[Samples], list[Variables]]:
    return lambda _: [{"first": number}]


WORKLOADS = {
    workload.name: workload
    for workload in (
        Workload("W1", "one alert by id, 6 fields", _alert_ids, {"id": "alert"}),
        Workload("W2", "the latest 50 alerts of a device, 6 fields", _devices, {}),
        Workload("W3", "1,000 energy readings, 4 fields", _areas, {"area": "energy_area"}),
        Workload("W4", "50 workflows with their latest 20 runs, 4 fields", _users, {"user": "user"}),
        Workload(
            "W5",
            "create an alert, 6 fields back",
            _new_alerts,
            {},
            closed_sets=frozenset({"level"}),
            changing=frozenset({"id", "time"}),
        ),
        Workload("W6", "a dashboard: six lists and figures in one query", _areas, {"area": "energy_area"}),
    )
}

ROW_COUNTS = (100, 1_000, 10_000)

ROW_WORKLOADS = {
    number: Workload(f"R{number}", f"{number:,} rows of 4 fields", _rows(number), {}, connections=1)
    for number in ROW_COUNTS
}
"""By the number of rows; one client, so that nothing else is measured."""

__all__ = ["FLOOR", "OURS", "POSTGRAPHILE", "ROW_COUNTS", "ROW_WORKLOADS", "WORKLOADS", "Dialect", "Workload"]
