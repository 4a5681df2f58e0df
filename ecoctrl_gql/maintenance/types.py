from ecoctrl_gql.api.listing import Listing
from ecoctrl_gql.api.node import Node, auto, node_type
from ecoctrl_gql.db.keyset import Order
from ecoctrl_gql.db.tables import MaintenanceReminderRow


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


MAINTENANCE_REMINDERS = Listing(
    MaintenanceReminder,
    filters=("id", "task", "due_date", "priority", "status", "assignee", "location", "last_completed"),
    orders=("due_date", "last_completed"),
    default=Order("due_date"),
)
