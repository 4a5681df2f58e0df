import strawberry

from ecoctrl_gql.db.enums import AlertLevel


@strawberry.input(description="A new alert.")
class CreateAlertInput:
    device: str = strawberry.field(description="The device it is about, 1–255 characters.")
    level: AlertLevel = strawberry.field(description="How urgent it is.")
    message: str = strawberry.field(description="What happened, in words, 1–10,000 characters.")
