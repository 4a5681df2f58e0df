import strawberry

from ecoctrl_gql.events.fields import changed
from ecoctrl_gql.maintenance.types import MAINTENANCE_REMINDERS


@strawberry.type
class MaintenanceSubscription:
    maintenance_changed = changed(
        MAINTENANCE_REMINDERS, "Maintenance tasks, as they are planned, done and removed."
    )
