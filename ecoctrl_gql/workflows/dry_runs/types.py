"""What dry runs and replays answer."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, Self

import strawberry

from ecoctrl_gql.api.access import ADMINS
from ecoctrl_gql.api.scalars import JSON
from ecoctrl_gql.db.enums import ExecutionStatus, TriggerType
from ecoctrl_gql.workflows.dry_runs.rehearsal import Rehearsal, WouldBe
from ecoctrl_gql.workflows.dry_runs.replay import FIRST_FAILURES, Difference, Replay
from ecoctrl_gql.workflows.dry_runs.turns import Played
from ecoctrl_gql.workflows.logged_nodes import WorkflowNodeLog
from ecoctrl_gql.workflows.node_logs import NodeLog, node_logs_of
from ecoctrl_gql.workflows.runs.journal import log_entry
from ecoctrl_gql.workflows.runs.values import shown

Show = Callable[[Any], Any]
"""A value as it may be shown."""

WORDS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "http_request": lambda details: f"{details['method']} {details['url']}",
    "email": lambda details: f"Mail to {', '.join(details['to'])}: {details['subject']}",
    "alert": lambda details: f"{details['action'].capitalize()} alert: {details.get('device')}",
    "notify": lambda details: f"Notify {len(details['users'])} users: {details['title']}",
    "database": lambda details: (
        f"{details['operation'].capitalize()} {details['table']}: {details['count']} rows"
    ),
    "point_write": lambda details: f"Write {details['value']} to {details['pointName']}",
    "sse_send": lambda details: f"Tell {details['target']}: {details['type']}",
}
"""What would have happened, in a line, by the kind of node."""


@strawberry.type(description="Something that a run would have done.", directives=[ADMINS])
class WorkflowEffect:
    kind: str = strawberry.field(description="The type of the node, such as http_request.")
    node_id: str = strawberry.field(description="The node.")
    path: str = strawberry.field(description="Which node in which pass of which loop or branch.")
    at: datetime = strawberry.field(description="When, by the clock of the dry run.")
    key: str = strawberry.field(description="What stands for the key by which others would have known it.")
    summary: str = strawberry.field(description="What, in a line.")
    details: JSON = strawberry.field(description="What exactly; secrets are left out.")

    @classmethod
    def of(cls, effect: WouldBe, show: Show) -> Self:
        details = show(dict(effect.details))
        words = WORDS.get(effect.kind)
        return cls(
            kind=effect.kind,
            node_id=effect.node_id,
            path=effect.path,
            at=effect.at,
            key=effect.key,
            summary=words(details)[:200] if words and isinstance(details, dict) else effect.kind,
            details=details,
        )


@strawberry.type(description="What a run would have come to; nothing of it was done.", directives=[ADMINS])
class WorkflowDryRun:
    status: ExecutionStatus = strawberry.field(description="COMPLETED or FAILED.")
    output: JSON | None = strawberry.field(description="What it would have given in the end.")
    error: str | None = strawberry.field(description="Why it would have failed.")
    node_id: str | None = strawberry.field(description="The node that would have failed it.")
    path: list[str] = strawberry.field(description="The nodes that it would have taken, in order.")
    node_logs: list[WorkflowNodeLog] = strawberry.field(description="What each of them got and gave.")
    effects: list[WorkflowEffect] = strawberry.field(description="What would have happened, in order.")
    began_at: datetime = strawberry.field(description="When it would have begun.")
    ended_at: datetime = strawberry.field(description="When it would have ended: waits count, work does not.")
    duration_ms: float = strawberry.field(description="How long it would have waited, in milliseconds.")

    @classmethod
    def of(cls, rehearsal: Rehearsal, secrets: Sequence[str]) -> Self:
        show: Show = partial(shown, secrets=secrets)
        logs: list[NodeLog] = node_logs_of(
            {"nodeLogs": [log_entry(step, secrets) for step in rehearsal.steps]}
        )
        return cls(
            status=rehearsal.status,
            output=show(rehearsal.output),
            error=show(rehearsal.error),
            node_id=rehearsal.node_id,
            path=[step.path for step in rehearsal.steps],
            node_logs=logs,  # type: ignore[arg-type]  # the record behind the type
            effects=[WorkflowEffect.of(effect, show) for effect in rehearsal.effects],
            began_at=rehearsal.began_at,
            ended_at=rehearsal.ended_at,
            duration_ms=(rehearsal.ended_at - rehearsal.began_at).total_seconds() * 1000,
        )


@strawberry.type(description="How often something is.", directives=[ADMINS])
class WorkflowCount:
    name: str = strawberry.field(description="What: the type of a node, or the id of one.")
    count: int = strawberry.field(description="How often.")


@strawberry.type(description="A start in the past, and what would have come of it.", directives=[ADMINS])
class WorkflowFire:
    at: datetime = strawberry.field(description="When.")
    began_at: datetime = strawberry.field(
        description="When its run would have begun: later where it waits for its turn "
        "(`settings.concurrency`)."
    )
    ended_at: datetime = strawberry.field(
        description="When its run would have ended: waits count, work does not."
    )
    trigger: TriggerType = strawberry.field(description="What kind of trigger would have started it.")
    trigger_data: JSON = strawberry.field(description="What the run would have known as `trigger`.")
    status: ExecutionStatus = strawberry.field(
        description="COMPLETED, FAILED, or CANCELLED where a later run would have replaced it."
    )
    error: str | None = strawberry.field(description="Why it would have failed.")
    node_id: str | None = strawberry.field(description="The node that would have failed it.")
    output: JSON | None = strawberry.field(description="What it would have given.")
    effects: list[WorkflowEffect] = strawberry.field(description="What would have happened, in order.")

    @classmethod
    def of(cls, played: Played, show: Show) -> Self:
        fire, rehearsal = played.fire, played.rehearsal
        return cls(
            at=fire.at,
            began_at=rehearsal.began_at,
            ended_at=rehearsal.ended_at,
            trigger=fire.type,
            trigger_data=show(dict(fire.data)),
            status=rehearsal.status,
            error=show(rehearsal.error),
            node_id=rehearsal.node_id,
            output=show(rehearsal.output),
            effects=[WorkflowEffect.of(effect, show) for effect in rehearsal.effects],
        )


@strawberry.type(
    description="What a definition would have done in a stretch of the past.", directives=[ADMINS]
)
class WorkflowReplaySummary:
    fires: int = strawberry.field(description="How often it would have been started.")
    completed: int = strawberry.field(description="How many runs would have come to their end.")
    failed: int = strawberry.field(description="How many would have failed.")
    replaced: int = strawberry.field(
        description="How many would have been stopped by one that began later (`settings.concurrency`)."
    )
    skipped: int = strawberry.field(
        description="How many starts would have come to nothing while others went on "
        "(`settings.concurrency`); not among the fires."
    )
    effects: list[WorkflowCount] = strawberry.field(
        description="How often each kind of thing would have happened, the most frequent first."
    )
    nodes: list[WorkflowCount] = strawberry.field(
        description="How often each node would have had its turn, the most frequent first."
    )
    failed_nodes: list[WorkflowCount] = strawberry.field(
        description="How often each node would have failed its run, the most frequent first."
    )
    first_failures: list[WorkflowFire] = strawberry.field(
        description=f"The first {FIRST_FAILURES} runs that would have failed."
    )
    until: datetime = strawberry.field(description="Up to when the past was played.")
    truncated: bool = strawberry.field(
        description="Whether that is before the end, for there were too many starts or it took too long."
    )

    @classmethod
    def of(cls, replay: Replay, end: datetime, show: Show) -> Self:
        failures = replay.failures
        return cls(
            fires=len(replay.played),
            completed=replay.count(ExecutionStatus.COMPLETED),
            failed=len(failures),
            replaced=replay.count(ExecutionStatus.CANCELLED),
            skipped=replay.skipped,
            effects=_counts(replay.effects()),
            nodes=_counts(replay.nodes()),
            failed_nodes=_counts(replay.failed_nodes()),
            first_failures=[WorkflowFire.of(each, show) for each in failures[:FIRST_FAILURES]],
            until=replay.until or end,
            truncated=replay.truncated,
        )


@strawberry.type(
    description="A start at which two definitions would not have done the same.", directives=[ADMINS]
)
class WorkflowReplayDifference:
    at: datetime = strawberry.field(description="When.")
    one: WorkflowFire | None = strawberry.field(
        description="What the first would have done; null where it would not have been started."
    )
    other: WorkflowFire | None = strawberry.field(
        description="What the other would have done; null where it would not have been started."
    )

    @classmethod
    def of(cls, difference: Difference, show: Show) -> Self:
        one, other = difference.one, difference.other
        return cls(
            at=difference.at,
            one=None if one is None else WorkflowFire.of(one, show),
            other=None if other is None else WorkflowFire.of(other, show),
        )


def _counts(counted: Any) -> list[WorkflowCount]:
    return [WorkflowCount(name=name, count=count) for name, count in counted.most_common(200)]
