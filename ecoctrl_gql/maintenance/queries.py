import strawberry

from ecoctrl_gql.api.roots import by_id
from ecoctrl_gql.maintenance.types import MAINTENANCE_REMINDERS, MaintenanceReminder


@strawberry.type
class MaintenanceQuery:
    maintenance_reminder = by_id(MaintenanceReminder, "One maintenance task.")
    maintenance_reminders = MAINTENANCE_REMINDERS.field("Maintenance tasks, the one due first first.")
