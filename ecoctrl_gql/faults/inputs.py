from datetime import datetime

import strawberry
from strawberry import ID, UNSET

from ecoctrl_gql.db.enums import FaultLevel, FaultStatus


@strawberry.input(description="A new fault.")
class CreateFaultInput:
    device: str = strawberry.field(description="The device that is defective, 1–255 characters.")
    level: FaultLevel = strawberry.field(description="How grave it is.")
    description: str | None = strawberry.field(
        default=None, description="What is wrong, in words, 1–10,000 characters."
    )
    time: datetime | None = strawberry.field(
        default=None, description="When it occurred, not in the future; now by default."
    )


@strawberry.input(description="Changes of a fault; what is left out stays as it is.")
class UpdateFaultInput:
    id: ID = strawberry.field(description="The fault.")
    device: str | None = strawberry.field(
        default=UNSET, description="The device that is defective, 1–255 characters; not null."
    )
    level: FaultLevel | None = strawberry.field(default=UNSET, description="How grave it is; not null.")
    description: str | None = strawberry.field(
        default=UNSET, description="What is wrong, in words, 1–10,000 characters; null removes it."
    )
    time: datetime | None = strawberry.field(
        default=UNSET, description="When it occurred, not in the future; not null."
    )


@strawberry.input(description="A step of a fault to another status.")
class MoveFaultInput:
    id: ID = strawberry.field(description="The fault.")
    status: FaultStatus = strawberry.field(description="Where it is to stand.")
    note: str | None = strawberry.field(
        default=None, description="What its history should say about the step, 1–10,000 characters."
    )


@strawberry.input(description="Who is to repair a fault.")
class AssignFaultInput:
    id: ID = strawberry.field(description="The fault.")
    assignee_id: ID | None = strawberry.field(
        default=None, description="The user who is to repair it, an operator at least; null for nobody."
    )
