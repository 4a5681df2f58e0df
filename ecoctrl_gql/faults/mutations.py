from typing import Any

import strawberry
from strawberry import UNSET, Info

from ecoctrl_gql.api.access import OPERATORS
from ecoctrl_gql.api.arguments import key_of
from ecoctrl_gql.api.mutations import mutation
from ecoctrl_gql.db.tables import FaultRow, UserRow
from ecoctrl_gql.faults import service
from ecoctrl_gql.faults.inputs import AssignFaultInput, CreateFaultInput, MoveFaultInput, UpdateFaultInput
from ecoctrl_gql.faults.types import Fault


@strawberry.type
class FaultMutation:
    @mutation(
        rule=OPERATORS, description="Record a fault; it is open.", gives={"fault": (Fault, "The new fault.")}
    )
    async def create_fault(self, info: Info[Any, Any], input: CreateFaultInput) -> FaultRow:
        values = {
            "device": input.device,
            "level": input.level,
            "description": input.description,
            "time": input.time,
        }
        return await service.create_fault(info.context.db, values, by=info.context.signed_in().user_id)

    @mutation(
        rule=OPERATORS,
        description="Change what is known of a fault. Its status is changed by moveFault.",
        gives={"fault": (Fault, "The fault as it is now.")},
    )
    async def update_fault(self, info: Info[Any, Any], input: UpdateFaultInput) -> FaultRow:
        names = ("device", "level", "description", "time")
        values = {name: value for name in names if (value := getattr(input, name)) is not UNSET}
        return await service.update_fault(info.context.db, key_of(FaultRow, input.id, "id"), values)

    @mutation(
        rule=OPERATORS,
        description="Take a fault a step further: from OPEN to IN_MAINTENANCE, from there to FIXED; or "
        "reopen it, from either. Of several who take the same step at the same time one succeeds; the others "
        "get a CONFLICT that tells where the fault stands.",
        gives={"fault": (Fault, "The fault as it is now.")},
    )
    async def move_fault(self, info: Info[Any, Any], input: MoveFaultInput) -> FaultRow:
        return await service.move_fault(
            info.context.db,
            key_of(FaultRow, input.id, "id"),
            input.status,
            by=info.context.signed_in().user_id,
            note=input.note,
        )

    @mutation(
        rule=OPERATORS,
        description="Have a user repair a fault. The user is notified, unless it is the caller.",
        gives={"fault": (Fault, "The fault as it is now.")},
    )
    async def assign_fault(self, info: Info[Any, Any], input: AssignFaultInput) -> FaultRow:
        assignee = input.assignee_id
        return await service.assign_fault(
            info.context.db,
            key_of(FaultRow, input.id, "id"),
            key_of(UserRow, assignee, "assignee_id") if assignee else None,
            by=info.context.signed_in().user_id,
        )
