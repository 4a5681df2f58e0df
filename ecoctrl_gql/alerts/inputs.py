import strawberry
from strawberry import ID

from ecoctrl_gql.db.enums import AlertLevel


@strawberry.input(description="A new alert.")
class CreateAlertInput:
    device: str = strawberry.field(description="The device it is about, 1–255 characters.")
    level: AlertLevel = strawberry.field(description="How urgent it is.")
    message: str = strawberry.field(description="What happened, in words, 1–10,000 characters.")


@strawberry.input(description="New alerts.")
class CreateAlertsInput:
    alerts: list[CreateAlertInput] = strawberry.field(description="The alerts, 1–1,000.")


@strawberry.input(description="An alert, and what is to be known of it from now on.")
class HandleAlertInput:
    id: ID = strawberry.field(description="The alert.")
    note: str | None = strawberry.field(
        default=None,
        description="What others should know, 1–10,000 characters; null leaves the note as it is.",
    )


@strawberry.input(description="Alerts, and what is to be known of them from now on.")
class HandleAlertsInput:
    ids: list[ID] = strawberry.field(description="The alerts, 1–1,000.")
    note: str | None = strawberry.field(
        default=None,
        description="What others should know, 1–10,000 characters; null leaves the notes as they are.",
    )


@strawberry.input(description="Who is to take care of an alert.")
class AssignAlertInput:
    id: ID = strawberry.field(description="The alert.")
    assignee_id: ID | None = strawberry.field(
        default=None, description="The user who is to take care of it, an operator at least; null for nobody."
    )


@strawberry.input(description="A note on an alert.")
class NoteAlertInput:
    id: ID = strawberry.field(description="The alert.")
    note: str | None = strawberry.field(
        default=None, description="The note, 1–10,000 characters; null removes the one that is there."
    )
