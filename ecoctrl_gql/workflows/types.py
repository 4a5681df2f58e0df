from typing import TYPE_CHECKING, Annotated, Any

import strawberry
from strawberry import Parent

from ecoctrl_gql.api.access import ADMINS
from ecoctrl_gql.api.connection import Connection
from ecoctrl_gql.api.listing import Listing
from ecoctrl_gql.api.node import Node, auto, column, computed, node_type
from ecoctrl_gql.api.relations import to_one
from ecoctrl_gql.api.scalars import JSON
from ecoctrl_gql.db.keyset import Order
from ecoctrl_gql.db.tables import UserRow, WorkflowExecutionRow, WorkflowRow
from ecoctrl_gql.workflows.logged_nodes import node_logs_field
from ecoctrl_gql.workflows.next_runs import next_runs_field

if TYPE_CHECKING:
    from ecoctrl_gql.accounts.types import User


@node_type(WorkflowExecutionRow)
class WorkflowExecution(Node):
    status: auto
    trigger_data: auto
    started_at: auto
    completed_at: auto
    workflow: "Workflow" = to_one(WorkflowRow, "workflow_id", "The workflow that ran.")

    @computed("result", graphql_type=JSON | None, description="What the run gave in the end.")
    def output(execution: Parent[WorkflowExecutionRow]) -> Any:
        return execution.result.get("output") if isinstance(execution.result, dict) else None

    node_logs = node_logs_field


WORKFLOW_EXECUTIONS = Listing(
    WorkflowExecution,
    filters=("id", "workflow_id", "status", "started_at", "completed_at"),
    orders=("started_at", "completed_at"),
    default=Order("started_at", descending=True),
)


@node_type(WorkflowRow)
class Workflow(Node):
    name: auto
    slug: auto
    description: auto
    dsl: auto = column(rule=ADMINS)  # it may hold the secrets of webhooks and of what a workflow calls
    version: auto
    enabled: auto
    created_at: auto
    updated_at: auto
    user: Annotated["User", strawberry.lazy("ecoctrl_gql.accounts.types")] | None = to_one(
        UserRow, "user_id", "The user who made it; null when that account is gone."
    )
    next_runs = next_runs_field
    executions: Connection[WorkflowExecution] = WORKFLOW_EXECUTIONS.field_of(
        "workflow_id", "Its runs, the latest first."
    )


WORKFLOWS = Listing(
    Workflow,
    filters=("id", "name", "slug", "enabled", "user_id", "created_at", "updated_at"),
    orders=("updated_at", "name", "slug"),
    default=Order("updated_at", descending=True),
)
