import strawberry
from strawberry import ID

from ecoctrl_gql.api.scalars import JSON


@strawberry.input(description="A workflow to run, and with what.")
class TriggerWorkflowInput:
    id: ID = strawberry.field(description="The workflow.")
    data: JSON | None = strawberry.field(
        default=None,
        description="An object that the workflow knows as `trigger`, at most 256 kB; `source` is added.",
    )


@strawberry.input(description="A run.")
class WorkflowExecutionInput:
    id: ID = strawberry.field(description="The run.")
