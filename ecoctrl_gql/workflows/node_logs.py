"""The log that a run keeps of its nodes, inside ``workflow_executions.result``."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from ecoctrl_gql.db.tables import WorkflowStepRow


@dataclass(frozen=True, slots=True)
class NodeLog:
    """What one node did; anything but its id may be missing from logs that other programs wrote."""

    node_id: str
    node_name: str | None
    node_type: str | None
    status: str | None
    started_at: datetime | None
    completed_at: datetime | None
    duration_ms: float | None
    path: str | None
    attempt: int | None
    due_at: datetime | None
    input: Any
    output: Any
    error: str | None


def node_logs_of(result: Any) -> list[NodeLog]:
    """The logs in a run's result, in order; an empty list where there are none."""
    logs = result.get("nodeLogs") if isinstance(result, dict) else None
    return [_node_log(log) for log in logs if isinstance(log, dict)] if isinstance(logs, list) else []


def _node_log(log: dict[str, Any]) -> NodeLog:
    duration_ms, attempt = log.get("durationMs"), log.get("attempt")
    return NodeLog(
        node_id=_text(log.get("nodeId")) or "",
        node_name=_text(log.get("nodeName")),
        node_type=_text(log.get("nodeType")),
        status=_text(log.get("status")),
        started_at=_instant(log.get("startedAt")),
        completed_at=_instant(log.get("completedAt")),
        duration_ms=duration_ms if isinstance(duration_ms, int | float) else None,
        path=_text(log.get("path")),
        attempt=attempt if isinstance(attempt, int) else None,
        due_at=_instant(log.get("dueAt")),
        input=log.get("input"),
        output=log.get("output"),
        error=_text(log.get("error")),
    )


def node_log_of_step(step: WorkflowStepRow) -> NodeLog:
    """The log of a step of a run that has not ended."""
    took = None if step.completed_at is None else step.completed_at - step.started_at
    return NodeLog(
        node_id=step.node_id,
        node_name=step.node_name,
        node_type=step.node_type,
        status=step.status,
        started_at=step.started_at,
        completed_at=step.completed_at,
        duration_ms=None if took is None else took.total_seconds() * 1000,
        path=step.path,
        attempt=step.attempt,
        due_at=step.due_at,
        input=step.input,
        output=step.output,
        error=step.error,
    )


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _instant(value: object) -> datetime | None:
    try:
        instant = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)
