import strawberry
from strawberry import ID


@strawberry.input(description="Notifications that have been read: either some or all.")
class MarkNotificationsReadInput:
    ids: list[ID] | None = strawberry.field(default=None, description="The notifications, 1–1,000.")
    all: bool = strawberry.field(default=False, description="Whether all of the caller's have been read.")


@strawberry.input(description="Notifications that are not wanted any more.")
class DeleteNotificationsInput:
    ids: list[ID] = strawberry.field(description="The notifications, 1–1,000.")
