"""The logs of runs through the API: those of a run that ended stand in its result, others in its journal."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import strawberry
from strawberry import Info

from ecoctrl_gql.api.access import VIEWERS
from ecoctrl_gql.api.node import computed
from ecoctrl_gql.api.scalars import JSON
from ecoctrl_gql.db.tables import WorkflowExecutionRow
from ecoctrl_gql.engine import batched
from ecoctrl_gql.workflows.node_logs import NodeLog, node_log_of_step, node_logs_of


@strawberry.type(description="What one node of a workflow did in a run.", directives=[VIEWERS])
class WorkflowNodeLog:
    node_id: str = strawberry.field(description="The node's id in the definition.")
    node_name: str | None = strawberry.field(description="The node's name.")
    node_type: str | None = strawberry.field(description="The node's type.")
    status: str | None = strawberry.field(description="running, waiting, completed, failed or skipped.")
    started_at: datetime | None = strawberry.field(description="When the node began.")
    completed_at: datetime | None = strawberry.field(description="When the node ended.")
    duration_ms: float | None = strawberry.field(description="How long it took, in milliseconds.")
    path: str | None = strawberry.field(
        description="Which node in which pass of which loop or branch, such as each/3/mail."
    )
    attempt: int | None = strawberry.field(description="Which attempt it was, from 1.")
    due_at: datetime | None = strawberry.field(
        description="Until when it waits; of a failed attempt, when the next one was due."
    )
    input: JSON | None = strawberry.field(
        description="What it was given: without secrets, long values cut with a note."
    )
    output: JSON | None = strawberry.field(
        description="What it gave: without secrets, long values cut with a note."
    )
    error: str | None = strawberry.field(description="Why it failed.")


@computed(
    "result",
    "steps",
    graphql_type=list[WorkflowNodeLog],
    description="What each node did, in order; the last 500 of more. While the run goes on, what they did so "
    "far.",
)
@batched
async def node_logs_field(
    executions: Sequence[WorkflowExecutionRow], info: Info[Any, Any]
) -> list[list[NodeLog]]:
    going_on = [run.id for run in executions if run.result is None and run.steps]
    steps = await info.context.repos.workflow_steps.last_of_runs(going_on) if going_on else {}
    return [
        [node_log_of_step(step) for step in steps[run.id]] if run.id in steps else node_logs_of(run.result)
        for run in executions
    ]
