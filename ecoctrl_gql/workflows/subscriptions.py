import strawberry

from ecoctrl_gql.events.fields import changed
from ecoctrl_gql.workflows.types import WORKFLOW_EXECUTIONS


@strawberry.type
class WorkflowSubscription:
    workflow_execution_changed = changed(
        WORKFLOW_EXECUTIONS,
        "Runs of workflows, as they begin, take a step, wait and end; `nodeId` and `steps` tell how far they "
        "are.",
    )
