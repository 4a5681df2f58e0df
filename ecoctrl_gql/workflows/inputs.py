from datetime import datetime

import strawberry
from strawberry import ID, UNSET

from ecoctrl_gql.api.scalars import JSON

SEALS = "Secrets may be left as they were given, under seal."


@strawberry.input(description="A new workflow.")
class CreateWorkflowInput:
    name: str = strawberry.field(description="Its name, for people, 1–255 characters.")
    dsl: JSON = strawberry.field(description="Its definition, without errors; it is published.")
    slug: str | None = strawberry.field(
        default=None,
        description="Its name in addresses: small letters, digits and hyphens, never changed later; made of "
        "the name by default.",
    )
    description: str | None = strawberry.field(
        default=None, description="What it is for, up to 10,000 characters."
    )
    enabled: bool = strawberry.field(default=True, description="Whether its triggers are armed at once.")


@strawberry.input(description="What is to change of a workflow; what is left out stays as it is.")
class UpdateWorkflowInput:
    id: ID = strawberry.field(description="The workflow.")
    expected_version: int | None = strawberry.field(
        default=None, description="The version that the caller knows; a CONFLICT where there is a later one."
    )
    name: str | None = strawberry.field(default=UNSET, description="Its name, for people, 1–255 characters.")
    description: str | None = strawberry.field(
        default=UNSET, description="What it is for, up to 10,000 characters; null for nothing."
    )
    dsl: JSON | None = strawberry.field(
        default=UNSET, description=f"A definition without errors, which is published. {SEALS}"
    )
    enabled: bool | None = strawberry.field(default=UNSET, description="Whether its triggers are armed.")


@strawberry.input(description="A definition that is being worked on.")
class SaveWorkflowDraftInput:
    id: ID = strawberry.field(description="The workflow.")
    dsl: JSON = strawberry.field(description=f"The definition; it may have errors. {SEALS}")
    expected_updated_at: datetime | None = strawberry.field(
        default=None,
        description="When the workflow last changed as the caller knows it; a CONFLICT where it has since.",
    )


@strawberry.input(description="A workflow, as the caller knows it.")
class WorkflowInput:
    id: ID = strawberry.field(description="The workflow.")
    expected_version: int | None = strawberry.field(
        default=None, description="The version that the caller knows; a CONFLICT where there is a later one."
    )
    expected_updated_at: datetime | None = strawberry.field(
        default=None,
        description="When the workflow last changed as the caller knows it; a CONFLICT where it has since.",
    )


@strawberry.input(description="Whether a workflow's triggers are armed.")
class SetWorkflowEnabledInput:
    id: ID = strawberry.field(description="The workflow.")
    enabled: bool = strawberry.field(description="Whether its triggers are armed.")


@strawberry.input(description="A workflow to make another like it.")
class DuplicateWorkflowInput:
    id: ID = strawberry.field(description="The workflow.")
    name: str | None = strawberry.field(
        default=None, description="The name of the new one; that of the old one with (copy) by default."
    )


@strawberry.input(description="A workflow to delete.")
class DeleteWorkflowInput:
    id: ID = strawberry.field(description="The workflow.")
    force: bool = strawberry.field(
        default=False, description="Whether it goes although runs of it are active; they end."
    )


@strawberry.input(description="An old version that is to be published again.")
class RollbackWorkflowInput:
    id: ID = strawberry.field(description="The workflow.")
    version: int = strawberry.field(description="The number of the old version.")
    expected_version: int | None = strawberry.field(
        default=None, description="The version that the caller knows; a CONFLICT where there is a later one."
    )
