from datetime import datetime

import strawberry
from strawberry import ID

from ecoctrl_gql.api.scalars import JSON

MOCKS = (
    "What nodes give in place of what can be told of them without acting, by their ids, such as "
    '{"fetch": {"statusCode": 200, "body": {"kwh": 620}}}; {"fetch": {"error": "no answer"}} fails one.'
)


@strawberry.input(description="A definition: one that is given, or one of a stored workflow.")
class WorkflowDefinitionInput:
    version: int | None = strawberry.field(
        default=None, description="A published version; the current one by default."
    )
    draft: bool = strawberry.field(default=False, description="Whether the draft is meant.")
    dsl: JSON | None = strawberry.field(default=None, description="The definition itself.")


@strawberry.input(description="A run that is to be tried, without doing anything.")
class DryRunWorkflowInput:
    id: ID | None = strawberry.field(default=None, description="The workflow; null where dsl is given.")
    version: int | None = strawberry.field(
        default=None, description="A published version of it; the current one by default."
    )
    draft: bool = strawberry.field(default=False, description="Whether its draft is meant.")
    dsl: JSON | None = strawberry.field(
        default=None, description="A definition that need not be stored; null where id is given."
    )
    trigger_data: JSON | None = strawberry.field(
        default=None, description="What the run knows as `trigger`; an object with a source by default."
    )
    at: datetime | None = strawberry.field(default=None, description="When it begins; now by default.")
    start_node_id: str | None = strawberry.field(
        default=None, description="The node to begin at; the workflow's start by default."
    )
    mocks: JSON | None = strawberry.field(default=None, description=MOCKS)


@strawberry.input(description="A stretch of the past that is to be played again, without doing anything.")
class ReplayWorkflowInput:
    id: ID | None = strawberry.field(default=None, description="The workflow; null where dsl is given.")
    version: int | None = strawberry.field(
        default=None, description="A published version of it; the current one by default."
    )
    draft: bool = strawberry.field(default=False, description="Whether its draft is meant.")
    dsl: JSON | None = strawberry.field(
        default=None, description="A definition that need not be stored; null where id is given."
    )
    from_: datetime = strawberry.field(name="from", description="The begin of the stretch.")
    to: datetime = strawberry.field(description="Its end.")
    compare_with: WorkflowDefinitionInput | None = strawberry.field(
        default=None,
        description="Another definition, of the same workflow or given, that is played too and compared.",
    )
    max_fires: int = strawberry.field(
        default=10_000, description="The most starts that are played, up to 20,000."
    )
    mocks: JSON | None = strawberry.field(default=None, description=MOCKS)
