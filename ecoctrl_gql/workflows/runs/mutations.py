from typing import Any

import strawberry
from strawberry import Info

from ecoctrl_gql.api.access import OPERATORS
from ecoctrl_gql.api.arguments import key_of
from ecoctrl_gql.api.mutations import mutation
from ecoctrl_gql.db.tables import WorkflowExecutionRow, WorkflowRow
from ecoctrl_gql.workflows.runs import service
from ecoctrl_gql.workflows.runs.inputs import TriggerWorkflowInput, WorkflowExecutionInput
from ecoctrl_gql.workflows.types import WorkflowExecution


@strawberry.type
class WorkflowRunMutation:
    @mutation(
        rule=OPERATORS,
        description="Run the published definition of a workflow now, whether it is enabled or not. The run "
        "goes on by itself; `workflowExecutionChanged` tells of its steps.",
        gives={"execution": (WorkflowExecution, "The run, accepted.")},
    )
    async def trigger_workflow(
        self, info: Info[Any, Any], input: TriggerWorkflowInput
    ) -> WorkflowExecutionRow:
        return await service.trigger_workflow(
            info.context.db,
            key_of(WorkflowRow, input.id, "id"),
            input.data,
            user_id=info.context.signed_in().user_id,
        )

    @mutation(
        rule=OPERATORS,
        description="Stop a run: at its next step, or at once where it waits.",
        gives={"execution": (WorkflowExecution, "The run as it is now.")},
    )
    async def cancel_workflow_execution(
        self, info: Info[Any, Any], input: WorkflowExecutionInput
    ) -> WorkflowExecutionRow:
        key, by = key_of(WorkflowExecutionRow, input.id, "id"), info.context.signed_in().username
        return await service.cancel_execution(info.context.db, key, by=by)

    @mutation(
        rule=OPERATORS,
        description="Go on with a run that failed or was stopped, from the node that did not succeed, in a "
        "new run. What succeeded is taken over and not done again; a run is redone once, then the "
        "one that it was redone by.",
        gives={"execution": (WorkflowExecution, "The new run, accepted.")},
    )
    async def redo_workflow_execution(
        self, info: Info[Any, Any], input: WorkflowExecutionInput
    ) -> WorkflowExecutionRow:
        key = key_of(WorkflowExecutionRow, input.id, "id")
        return await service.redo_execution(info.context.db, key, user_id=info.context.signed_in().user_id)
