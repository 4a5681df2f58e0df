import strawberry

from ecoctrl_gql.api.access import ADMINS
from ecoctrl_gql.api.roots import by_id
from ecoctrl_gql.workflows.dry_runs.queries import WorkflowDryRunQuery
from ecoctrl_gql.workflows.types import WORKFLOW_EXECUTIONS, WORKFLOWS, Workflow, WorkflowExecution
from ecoctrl_gql.workflows.validation import WorkflowValidationQuery
from ecoctrl_gql.workflows.versions import (
    WORKFLOW_VERSIONS,
    WorkflowDifference,
    WorkflowVersion,
    workflow_diff,
)


@strawberry.type
class WorkflowQuery(WorkflowValidationQuery, WorkflowDryRunQuery):
    workflow = by_id(Workflow, "One workflow.")
    workflows = WORKFLOWS.field("Workflows, the latest change first.")
    workflow_execution = by_id(WorkflowExecution, "One run of a workflow.")
    workflow_version = by_id(WorkflowVersion, "One published version of a workflow.", rule=ADMINS)
    workflow_versions = WORKFLOW_VERSIONS.field(
        "Published versions of all workflows, those with the greatest numbers first.", rule=ADMINS
    )
    workflow_diff = strawberry.field(
        resolver=workflow_diff,
        graphql_type=list[WorkflowDifference],
        description="What differs between two versions of a workflow, or between the published one and "
        "the draft.",
        directives=[ADMINS],
    )
    workflow_executions = WORKFLOW_EXECUTIONS.field("Runs of all workflows, the latest first.")
