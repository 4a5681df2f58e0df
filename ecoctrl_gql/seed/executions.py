"""The past runs of the sample workflows."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Any

from ecoctrl_gql.seed.noise import sample_key, uniform
from ecoctrl_gql.seed.rows import Row
from ecoctrl_gql.seed.workflows import workflow_id

MILLISECOND = timedelta(milliseconds=1)

DURATION_MS = {"http_request": 420, "email": 900, "database": 18, "delay": 2000, "loop": 60, "parallel": 12}
OTHER_DURATION_MS = 2
FAILED_DURATION_MS = 10_000
"""What a node takes that fails: it waits until it gives up."""


def execution_rows(workflow: dict[str, Any], now: datetime) -> Iterator[Row]:
    """The runs of a workflow, newest first."""
    interval = timedelta(minutes=workflow["runs"]["everyMinutes"])
    for number in range(workflow["runs"]["count"]):
        late = interval * 0.2 * uniform(workflow["slug"], "start", number)
        yield _row(workflow, number, (now - interval * (number + 0.5) - late).replace(microsecond=0))


def _row(workflow: dict[str, Any], number: int, started: datetime) -> Row:
    slug = workflow["slug"]
    scenario = _scenario(workflow["runs"]["scenarios"], uniform(slug, "scenario", number))
    values = {
        f"${name}": _between(least, most, uniform(slug, name, number))
        for name, (least, most) in scenario["values"].items()
    }
    logs = _node_logs(workflow, scenario, number, started)
    return {
        "id": sample_key("workflow_executions", f"{slug}/{number}"),
        "workflow_id": workflow_id(workflow),
        "status": scenario["status"],
        "trigger_data": _filled(scenario["trigger"], values),
        "result": {"output": _filled(scenario["output"], values), "nodeLogs": _filled(logs, values)},
        "started_at": started,
        "completed_at": datetime.fromisoformat(logs[-1]["completedAt"]),
    }


def _between(least: float, most: float, part: float) -> float:
    """A whole number between whole numbers, else one to a tenth."""
    value = least + (most - least) * part
    return round(value) if isinstance(least, int) else round(value, 1)


def _scenario(scenarios: list[dict[str, Any]], chance: float) -> dict[str, Any]:
    bounds = accumulate(scenario["share"] for scenario in scenarios)
    pairs = zip(bounds, scenarios, strict=True)
    return next((scenario for bound, scenario in pairs if chance < bound), scenarios[-1])


def _node_logs(
    workflow: dict[str, Any], scenario: dict[str, Any], number: int, started: datetime
) -> list[dict[str, Any]]:
    nodes = {node["id"]: node for node in workflow["dsl"]["nodes"]}
    logs = []
    for place, step in enumerate(scenario["steps"]):
        failed = "error" in step
        node = nodes[step["node"]]
        usual = FAILED_DURATION_MS if failed else DURATION_MS.get(node["type"], OTHER_DURATION_MS)
        duration_ms = round(usual * (1 + 0.5 * uniform(workflow["slug"], "duration", number, place)))
        ended = started + duration_ms * MILLISECOND
        logs.append(
            {
                "nodeId": node["id"],
                "nodeName": node["name"],
                "nodeType": node["type"],
                "status": "failed" if failed else "completed",
                "startedAt": started.isoformat(),
                "completedAt": ended.isoformat(),
                "durationMs": duration_ms,
                "output": step.get("output"),
                "error": step.get("error"),
            }
        )
        started = ended
    return logs


def _filled(template: Any, values: dict[str, float]) -> Any:
    """The template with numbers where it has their names, such as ``$kwh``."""
    match template:
        case dict():
            return {key: _filled(value, values) for key, value in template.items()}
        case list():
            return [_filled(value, values) for value in template]
        case str():
            return values.get(template, template)
        case _:
            return template
