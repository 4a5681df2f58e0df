from typing import Any

from strawberry import Info, Parent

from ecoctrl_gql.api.access import ADMINS
from ecoctrl_gql.api.connection import Connection
from ecoctrl_gql.api.lazy import LazyUser
from ecoctrl_gql.api.listing import Listing
from ecoctrl_gql.api.node import Node, auto, column, computed, node_type
from ecoctrl_gql.api.relations import to_one
from ecoctrl_gql.api.scalars import JSON
from ecoctrl_gql.db.enums import TriggerType
from ecoctrl_gql.db.keyset import Order
from ecoctrl_gql.db.tables import UserRow, WorkflowExecutionRow, WorkflowRow
from ecoctrl_gql.workflows.dsl.glances import tags_of, trigger_types_of
from ecoctrl_gql.workflows.logged_nodes import node_logs_field
from ecoctrl_gql.workflows.next_runs import next_runs_field
from ecoctrl_gql.workflows.secrets import sealed
from ecoctrl_gql.workflows.statistics import statistics_field
from ecoctrl_gql.workflows.versions import WORKFLOW_VERSIONS, WorkflowVersion


@node_type(WorkflowExecutionRow)
class WorkflowExecution(Node):
    status: auto
    trigger_data: auto
    started_at: auto
    completed_at: auto
    version: auto
    trigger: auto
    start_node_id: auto
    error: auto
    node_id: auto
    steps: auto
    wake_at: auto
    deadline_at: auto
    cancel_requested_at: auto
    dead: auto
    claim: auto = column(name="claims", description="How often a worker took it up.")
    stalls: auto
    dedup_key: auto
    effect_id: auto
    user: LazyUser | None = to_one(UserRow, "user_id", "The user who started it, if somebody did.")
    redo_of: "WorkflowExecution | None" = to_one(
        WorkflowExecutionRow, "redo_of_id", "The failed run that it goes on with, if it does."
    )
    workflow: "Workflow" = to_one(WorkflowRow, "workflow_id", "The workflow that ran.")

    @computed("result", graphql_type=JSON | None, description="What the run gave in the end.")
    def output(execution: Parent[WorkflowExecutionRow]) -> Any:
        return execution.result.get("output") if isinstance(execution.result, dict) else None

    node_logs = node_logs_field


WORKFLOW_EXECUTIONS = Listing(
    WorkflowExecution,
    filters=(
        "id",
        "workflow_id",
        "status",
        "started_at",
        "completed_at",
        "version",
        "trigger",
        "user_id",
        "redo_of_id",
        "node_id",
        "dead",
    ),
    orders=("started_at", "completed_at"),
    default=Order("started_at", descending=True),
)


@node_type(WorkflowRow)
class Workflow(Node):
    name: auto
    slug: auto
    description: auto
    version: auto
    enabled: auto
    created_at: auto
    updated_at: auto
    armed_version: auto
    user: LazyUser | None = to_one(
        UserRow, "user_id", "The user who made it; null when that account is gone."
    )
    published_by: LazyUser | None = to_one(
        UserRow, "published_by", "The user who published the definition; null for other programs."
    )
    next_runs = next_runs_field
    statistics = statistics_field
    versions: Connection[WorkflowVersion] = WORKFLOW_VERSIONS.field_of(
        "workflow_id", "Its published versions, the latest first.", rule=ADMINS
    )

    @computed(
        "dsl",
        graphql_type=JSON,
        rule=ADMINS,
        description="The published definition, with its secrets under seal.",
    )
    def dsl(workflow: Parent[WorkflowRow], info: Info[Any, Any]) -> Any:
        return sealed(workflow.dsl, info.context.auth.keys)

    @computed(
        "draft",
        graphql_type=JSON | None,
        rule=ADMINS,
        description="A definition that is being worked on, with its secrets under seal; null for none.",
    )
    def draft(workflow: Parent[WorkflowRow], info: Info[Any, Any]) -> Any:
        return sealed(workflow.draft, info.context.auth.keys)

    @computed("draft", description="Whether a definition is being worked on beside the published one.")
    def has_draft(workflow: Parent[WorkflowRow]) -> bool:
        return workflow.draft is not None

    @computed("dsl", graphql_type=list[TriggerType], description="What starts it; each kind of trigger once.")
    def trigger_types(workflow: Parent[WorkflowRow]) -> list[TriggerType]:
        return trigger_types_of(workflow.dsl)

    @computed("dsl", description="Its labels, as its trigger or start has them.")
    def tags(workflow: Parent[WorkflowRow]) -> list[str]:
        return tags_of(workflow.dsl)

    executions: Connection[WorkflowExecution] = WORKFLOW_EXECUTIONS.field_of(
        "workflow_id", "Its runs, the latest first."
    )


WORKFLOWS = Listing(
    Workflow,
    filters=("id", "name", "slug", "enabled", "user_id", "created_at", "updated_at"),
    orders=("updated_at", "name", "slug"),
    default=Order("updated_at", descending=True),
)
