from ecoctrl_gql.api.lazy import LazyUser
from ecoctrl_gql.api.listing import Listing
from ecoctrl_gql.api.node import Node, auto, node_type
from ecoctrl_gql.api.relations import to_one
from ecoctrl_gql.db.keyset import Order
from ecoctrl_gql.db.tables import MaintenanceReminderRow, UserRow


@node_type(MaintenanceReminderRow)
class MaintenanceReminder(Node):
    task: auto
    description: auto
    due_date: auto
    priority: auto
    status: auto
    assignee: auto
    location: auto
    estimated_hours: auto
    last_completed: auto
    repeat_every: auto
    repeat_unit: auto
    repeat_from: auto
    completed_by: LazyUser | None = to_one(
        UserRow, "completed_by", "The user who reported it done; null also when that account is gone."
    )


MAINTENANCE_REMINDERS = Listing(
    MaintenanceReminder,
    filters=(
        *("id", "task", "due_date", "priority", "status", "assignee", "location", "last_completed"),
        *("completed_by", "repeat_every"),
    ),
    orders=("due_date", "last_completed"),
    default=Order("due_date"),
)
