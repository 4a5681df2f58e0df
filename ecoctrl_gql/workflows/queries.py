import strawberry

from ecoctrl_gql.api.roots import by_id
from ecoctrl_gql.workflows.types import WORKFLOW_EXECUTIONS, WORKFLOWS, Workflow, WorkflowExecution
from ecoctrl_gql.workflows.validation import WorkflowValidationQuery


@strawberry.type
class WorkflowQuery(WorkflowValidationQuery):
    workflow = by_id(Workflow, "One workflow.")
    workflows = WORKFLOWS.field("Workflows, the latest change first.")
    workflow_execution = by_id(WorkflowExecution, "One run of a workflow.")
    workflow_executions = WORKFLOW_EXECUTIONS.field("Runs of all workflows, the latest first.")
