"""The sample workflows; each with its definition and its past in a file of ``content/workflows``."""

from datetime import datetime, timedelta
from typing import Any

from ecoctrl_gql.seed.content import load_json, names_in
from ecoctrl_gql.seed.noise import sample_key
from ecoctrl_gql.seed.rows import Row


def sample_workflows() -> list[dict[str, Any]]:
    return [load_json(name) for name in names_in("workflows")]


def workflow_rows(now: datetime, owner_id: str | None) -> list[Row]:
    return [
        {
            "id": workflow_id(workflow),
            "user_id": owner_id,
            "name": workflow["name"],
            "slug": workflow["slug"],
            "description": workflow["description"],
            "dsl": workflow["dsl"],
            "version": 1,
            "enabled": workflow["enabled"],
            "created_at": now - timedelta(days=360 - 20 * number),
            "updated_at": now - timedelta(days=90 - 10 * number),
        }
        for number, workflow in enumerate(sample_workflows())
    ]


def workflow_id(workflow: dict[str, Any]) -> str:
    return sample_key("workflows", workflow["slug"])
