"""Sample maintenance tasks: late ones, ones that are due soon, ones that are done."""

from datetime import date, timedelta

from ecoctrl_gql.seed.content import load_json
from ecoctrl_gql.seed.noise import sample_key
from ecoctrl_gql.seed.rows import Row


def maintenance_rows(today: date) -> list[Row]:
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
        }
        for task in load_json("maintenance.json")
    ]
