from typing import Any

import strawberry
from strawberry import ID, UNSET, Info

from ecoctrl_gql.api.access import OPERATORS
from ecoctrl_gql.api.arguments import key_of
from ecoctrl_gql.api.mutations import mutation
from ecoctrl_gql.db.tables import MaintenanceReminderRow
from ecoctrl_gql.maintenance import service
from ecoctrl_gql.maintenance.inputs import (
    CompleteMaintenanceReminderInput,
    CreateMaintenanceReminderInput,
    DeleteMaintenanceReminderInput,
    UpdateMaintenanceReminderInput,
)
from ecoctrl_gql.maintenance.service import Completed
from ecoctrl_gql.maintenance.types import MaintenanceReminder

NOW = {"maintenance_reminder": (MaintenanceReminder, "The task as it is now.")}


@strawberry.type
class MaintenanceMutation:
    @mutation(
        rule=OPERATORS,
        description="Plan a maintenance task. It is pending, or overdue where its due date has passed.",
        gives={"maintenance_reminder": (MaintenanceReminder, "The new task.")},
    )
    async def create_maintenance_reminder(
        self, info: Info[Any, Any], input: CreateMaintenanceReminderInput
    ) -> MaintenanceReminderRow:
        return await service.create_reminder(info.context.db, _given(input))

    @mutation(
        rule=OPERATORS,
        description="Change a maintenance task. Whether it is overdue follows from its due date.",
        gives=NOW,
    )
    async def update_maintenance_reminder(
        self, info: Info[Any, Any], input: UpdateMaintenanceReminderInput
    ) -> MaintenanceReminderRow:
        key = key_of(MaintenanceReminderRow, input.id, "id")
        return await service.update_reminder(info.context.db, key, _given(input))

    @mutation(
        rule=OPERATORS,
        description="Report a maintenance task done. Where it is repeated the next one is planned, for the "
        "first day of its plan after both its due date and the day on which it was done.",
        gives=NOW | {"next": (MaintenanceReminder, "The next one; null where it is not repeated.")},
    )
    async def complete_maintenance_reminder(
        self, info: Info[Any, Any], input: CompleteMaintenanceReminderInput
    ) -> Completed:
        return await service.complete_reminder(
            info.context.db,
            key_of(MaintenanceReminderRow, input.id, "id"),
            by=info.context.signed_in().user_id,
            completed_on=input.completed_on,
        )

    @mutation(
        rule=OPERATORS,
        description="Delete a maintenance task; its next one, if there is one already, stays.",
        gives={"deleted_id": (ID, "The id of the task that is gone.")},
    )
    async def delete_maintenance_reminder(
        self, info: Info[Any, Any], input: DeleteMaintenanceReminderInput
    ) -> ID:
        await service.delete_reminder(info.context.db, key_of(MaintenanceReminderRow, input.id, "id"))
        return input.id


def _given(input: Any) -> dict[str, Any]:
    """What an input says of a task, the plan as interval and unit."""
    given = {name: value for name, value in vars(input).items() if name != "id" and value is not UNSET}
    if given.get("repeat") is not None:
        given["repeat"] = given["repeat"].every, given["repeat"].unit.value
    return given
