from datetime import date

import strawberry
from strawberry import ID, UNSET

from ecoctrl_gql.db.enums import MaintenancePriority, MaintenanceStatus, RepeatUnit


@strawberry.input(description="How often a task is to be done.")
class RepeatInput:
    every: int = strawberry.field(description="How many units lie between two due dates, 1–1,000.")
    unit: RepeatUnit = strawberry.field(description="The unit.")


@strawberry.input(description="A new maintenance task.")
class CreateMaintenanceReminderInput:
    task: str = strawberry.field(description="What is to be done, 1–255 characters.")
    due_date: date = strawberry.field(description="The day by which it is to be done.")
    description: str | None = strawberry.field(
        default=None, description="How, and what to watch, 1–10,000 characters."
    )
    priority: MaintenancePriority = strawberry.field(
        default=MaintenancePriority.MEDIUM, description="How important it is."
    )
    assignee: str | None = strawberry.field(default=None, description="Who is to do it, 1–100 characters.")
    location: str | None = strawberry.field(
        default=None, description="Where it is to be done, 1–255 characters."
    )
    estimated_hours: int | None = strawberry.field(
        default=None, description="Expected work, in hours, 0–10,000."
    )
    repeat: RepeatInput | None = strawberry.field(
        default=None, description="How often it is to be done; null for once."
    )


@strawberry.input(description="Changes of a maintenance task; what is left out stays as it is.")
class UpdateMaintenanceReminderInput:
    id: ID = strawberry.field(description="The task.")
    task: str | None = strawberry.field(
        default=UNSET, description="What is to be done, 1–255 characters; not null."
    )
    due_date: date | None = strawberry.field(
        default=UNSET, description="The day by which it is to be done; not null. Repetitions count from it."
    )
    description: str | None = strawberry.field(
        default=UNSET, description="How, and what to watch, 1–10,000 characters; null removes it."
    )
    priority: MaintenancePriority | None = strawberry.field(
        default=UNSET, description="How important it is; not null."
    )
    status: MaintenanceStatus | None = strawberry.field(
        default=UNSET,
        description="PENDING or IN_PROGRESS, as long as it is neither overdue nor completed; not null.",
    )
    assignee: str | None = strawberry.field(
        default=UNSET, description="Who is to do it, 1–100 characters; null for nobody."
    )
    location: str | None = strawberry.field(
        default=UNSET, description="Where it is to be done, 1–255 characters; null removes it."
    )
    estimated_hours: int | None = strawberry.field(
        default=UNSET, description="Expected work, in hours, 0–10,000; null removes it."
    )
    repeat: RepeatInput | None = strawberry.field(
        default=UNSET, description="How often it is to be done, from its due date on; null for once."
    )


@strawberry.input(description="A maintenance task that is done.")
class CompleteMaintenanceReminderInput:
    id: ID = strawberry.field(description="The task.")
    completed_on: date | None = strawberry.field(
        default=None,
        description="The day on which it was done, not in the future; today at the site by default.",
    )


@strawberry.input(description="A maintenance task that is not wanted any more.")
class DeleteMaintenanceReminderInput:
    id: ID = strawberry.field(description="The task.")
