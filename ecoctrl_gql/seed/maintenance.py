"""Sample maintenance tasks: late ones, ones that are due soon, ones that are done."""

from collections.abc import Mapping
from datetime import date, timedelta

from ecoctrl_gql.seed.content import load_json
from ecoctrl_gql.seed.noise import sample_key
from ecoctrl_gql.seed.rows import Row


def maintenance_rows(today: date, user_ids: Mapping[str, str]) -> list[Row]:
    """The tasks; who has done one is of the users whose keys are given by name."""
    return [
        {
            "id": sample_key("maintenance_reminders", task["task"]),
            "task": task["task"],
            "description": task["description"],
            "due_date": today + timedelta(days=task["dueInDays"]),
            "priority": task["priority"],
            "status": task["status"],
            "assignee": task["assignee"],
            "location": task["location"],
            "estimated_hours": task["estimatedHours"],
            "last_completed": today - timedelta(days=task["doneDaysAgo"]),
            "completed_by": user_ids.get(_username(task)) if task["status"] == "completed" else None,
            "repeat_every": task["repeat"] and task["repeat"][0],
            "repeat_unit": task["repeat"] and task["repeat"][1],
        }
        for task in load_json("maintenance.json")
    ]


def _username(task: Mapping[str, str]) -> str:
    """``zhao.lei`` for Zhao Lei."""
    return task["assignee"].lower().replace(" ", ".")
