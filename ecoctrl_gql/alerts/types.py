import strawberry

from ecoctrl_gql.api.access import VIEWERS
from ecoctrl_gql.api.lazy import LazyUser
from ecoctrl_gql.api.listing import Listing
from ecoctrl_gql.api.node import Node, auto, node_type
from ecoctrl_gql.api.relations import to_one
from ecoctrl_gql.db.enums import AlertLevel, AlertStatus
from ecoctrl_gql.db.keyset import Order
from ecoctrl_gql.db.tables import AlertRow, UserRow


@node_type(AlertRow)
class Alert(Node):
    device: auto
    level: auto
    message: auto
    time: auto
    status: auto
    acknowledged_at: auto
    resolved_at: auto
    note: auto
    acknowledged_by: LazyUser | None = to_one(
        UserRow, "acknowledged_by", "The user who acknowledged it; null also when that account is gone."
    )
    resolved_by: LazyUser | None = to_one(
        UserRow, "resolved_by", "The user who resolved it; null also when that account is gone."
    )
    assignee: LazyUser | None = to_one(UserRow, "assignee_id", "The user who takes care of it.")


ALERTS = Listing(
    Alert,
    filters=(
        *("id", "device", "level", "message", "time", "status", "acknowledged_by", "acknowledged_at"),
        *("resolved_by", "resolved_at", "assignee_id", "note"),
    ),
    orders=("time", "device"),
    default=Order("time", descending=True),
)


@strawberry.type(description="How many alerts have a level.", directives=[VIEWERS])
class AlertLevelCount:
    level: AlertLevel = strawberry.field(description="The level.")
    count: int = strawberry.field(description="How many have it.")


@strawberry.type(description="How many alerts have a status.", directives=[VIEWERS])
class AlertStatusCount:
    status: AlertStatus = strawberry.field(description="The status.")
    count: int = strawberry.field(description="How many have it.")


@strawberry.type(description="How many alerts have a level and a status.", directives=[VIEWERS])
class AlertLevelStatusCount:
    level: AlertLevel = strawberry.field(description="The level.")
    status: AlertStatus = strawberry.field(description="The status.")
    count: int = strawberry.field(description="How many have both.")


@strawberry.type(description="How many alerts there are, all counted at one moment.", directives=[VIEWERS])
class AlertCounts:
    total: int = strawberry.field(description="How many there are.")
    by_level: list[AlertLevelCount] = strawberry.field(
        description="How many of each level, the most urgent first; none is left out."
    )
    by_status: list[AlertStatusCount] = strawberry.field(
        description="How many of each status, in the order of an alert's way; none is left out."
    )
    by_level_and_status: list[AlertLevelStatusCount] = strawberry.field(
        description="How many of each level and status; none is left out."
    )
