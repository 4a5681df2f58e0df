"""The rows that the workloads read, beside the sample building."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from ecoctrl_gql.db.bulk import Bulk, bulk_transaction
from ecoctrl_gql.db.enums import AlertLevel, AlertStatus, ExecutionStatus
from ecoctrl_gql.db.tables import (
    AlertRow,
    EnergyAreaRow,
    EnergyReadingRow,
    UserRow,
    WorkflowExecutionRow,
    WorkflowRow,
)
from ecoctrl_gql.seed.rows import Row

DEVICES, ALERTS = 64, 10_000
AREAS, READINGS_OF_AREA = 40, 1_200
USERS, WORKFLOWS_OF_USER, EXECUTIONS_OF_WORKFLOW = 40, 50, 24

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Samples:
    """Keys to ask for: all rows behind one kind of key are alike in number and size."""

    alert_ids: list[str]
    devices: list[str]
    area_ids: list[int]
    user_ids: list[str]


def add_samples(url: str) -> Samples:
    """Add the rows to a migrated and seeded database; the same rows each time, but for serial keys."""
    chance = random.Random(1)
    alerts, users = list(_alerts(chance)), list(_users(chance))
    workflows = list(_workflows(chance, users))
    with bulk_transaction(url, "bench") as bulk:
        bulk.insert_missing(AlertRow, alerts)
        area_ids = _add_energy(bulk, chance)
        bulk.insert_missing(UserRow, users)
        bulk.insert_missing(WorkflowRow, workflows)
        bulk.insert_missing(WorkflowExecutionRow, _executions(chance, workflows))
    return Samples(
        alert_ids=[alert["id"] for alert in alerts],
        devices=[_device(number) for number in range(DEVICES)],
        area_ids=area_ids,
        user_ids=[user["id"] for user in users],
    )


def _key(chance: random.Random) -> str:
    return str(UUID(int=chance.getrandbits(128), version=4))


def _device(number: int) -> str:
    return f"Air handler {number:02}"


def _alerts(chance: random.Random) -> Iterator[Row]:
    for number in range(ALERTS):
        yield {
            "id": _key(chance),
            "device": _device(number % DEVICES),
            "level": chance.choice(list(AlertLevel)),
            "message": f"Filter pressure drop {chance.randint(200, 400)} Pa, filter change due at 250 Pa",
            "time": NOON - timedelta(seconds=97 * number, microseconds=chance.randint(1, 999_999)),
            "status": chance.choice(list(AlertStatus)),
        }


def _add_energy(bulk: Bulk, chance: random.Random) -> list[int]:
    areas = [
        {
            "title": f"Floor {number:02}",
            "current": chance.randint(1_000, 9_000),
            "target": 9_000,
            "color": "blue",
            "power_factor": 0.95,
            "load_rate": "72%",
        }
        for number in range(AREAS)
    ]
    made = bulk.insert_missing(EnergyAreaRow, areas, same=["title"], returning=["id"])
    area_ids = [area_id for (area_id,) in made]
    bulk.insert_missing(EnergyReadingRow, _readings(chance, area_ids), same=["area_id", "reading_at"])
    return area_ids


def _readings(chance: random.Random, area_ids: list[int]) -> Iterator[Row]:
    for area_id in area_ids:
        for hour in range(READINGS_OF_AREA):
            begin = NOON - timedelta(hours=hour)
            yield {
                "area_id": area_id,
                "reading_at": begin,
                "hour": f"{begin:%H:%M}",
                "k_wh": round(chance.uniform(5, 95), 2),
            }


def _users(chance: random.Random) -> Iterator[Row]:
    for number in range(USERS):
        yield {"id": _key(chance), "username": f"bench{number}", "email": f"bench{number}@example.org"}


def _workflows(chance: random.Random, users: list[Row]) -> Iterator[Row]:
    for user in users:
        for number in range(WORKFLOWS_OF_USER):
            yield {
                "id": _key(chance),
                "user_id": user["id"],
                "name": f"Night setback {number:02}",
                "slug": f"{user['username']}-{number}",
                "enabled": False,  # or the server is busy with their triggers while it is measured
                "dsl": {
                    "version": "1.0",
                    "trigger": {"type": "manual", "config": {}},
                    "nodes": [
                        {"id": "start", "type": "start", "name": "Start"},
                        {"id": "end", "type": "end", "name": "End"},
                    ],
                    "edges": [{"id": "e", "source": "start", "target": "end"}],
                },
            }


def _executions(chance: random.Random, workflows: list[Row]) -> Iterator[Row]:
    for workflow in workflows:
        for number in range(EXECUTIONS_OF_WORKFLOW):
            begin = NOON - timedelta(hours=number, microseconds=chance.randint(1, 999_999))
            yield {
                "id": _key(chance),
                "workflow_id": workflow["id"],
                "status": chance.choice([ExecutionStatus.COMPLETED, ExecutionStatus.FAILED]),
                "result": {"output": {"kWh": chance.randint(1, 500)}, "nodeLogs": []},
                "started_at": begin,
                "completed_at": begin + timedelta(milliseconds=chance.randint(50, 90_000)),
            }
