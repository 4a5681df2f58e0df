"""How the runs of workflows have gone."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

import strawberry
from strawberry import UNSET, Info, Parent

from ecoctrl_gql.api.access import VIEWERS
from ecoctrl_gql.api.lazy import LazyWorkflowExecution
from ecoctrl_gql.api.node import computed
from ecoctrl_gql.api.relations import to_one
from ecoctrl_gql.db.records import keys_of
from ecoctrl_gql.db.tables import WorkflowExecutionRow, WorkflowRow
from ecoctrl_gql.db.workflow_runs import RunStatistics
from ecoctrl_gql.engine import batched


@strawberry.type(description="How the runs of a workflow have gone.", directives=[VIEWERS])
class WorkflowStatistics:
    runs: int = strawberry.field(description="How many there are.")
    pending: int = strawberry.field(description="How many have not begun.")
    running: int = strawberry.field(description="How many are at work.")
    waiting: int = strawberry.field(description="How many wait for a time.")
    completed: int = strawberry.field(description="How many went well.")
    failed: int = strawberry.field(description="How many failed.")
    cancelled: int = strawberry.field(description="How many were stopped.")
    dead: int = strawberry.field(description="How many of those that failed were given up.")
    p50_duration_ms: float | None = strawberry.field(
        description="How long the median of those took that went well or failed, in milliseconds, waits "
        "included; null without any."
    )
    p95_duration_ms: float | None = strawberry.field(
        description="How long 95 % of them took at most, in milliseconds; null without any."
    )
    last_failure: LazyWorkflowExecution | None = to_one(
        WorkflowExecutionRow, "last_failure_id", "The latest that failed; null for none."
    )

    @strawberry.field(
        description="The share of those that went well among those that went well or failed, from 0 to 1; "
        "null without any."
    )
    def success_rate(statistics: Parent[RunStatistics]) -> float | None:
        ended = statistics.completed + statistics.failed
        return statistics.completed / ended if ended else None


@computed(
    graphql_type=WorkflowStatistics,
    description="How its runs have gone, as far as they are kept.",
)
@batched
async def statistics_field(
    workflows: Sequence[WorkflowRow],
    info: Info[Any, Any],
    since: Annotated[
        datetime | None, strawberry.argument(description="Only of runs that began then or later.")
    ] = UNSET,
) -> list[RunStatistics]:
    executions = info.context.repos.workflow_executions
    statistics: list[RunStatistics] = await executions.statistics_since(since or None).load_many(
        keys_of(workflows)
    )
    return statistics
