from ecoctrl_gql.db.repositories.base import Repository
from ecoctrl_gql.db.tables.maintenance_reminders import MaintenanceReminderRow


class MaintenanceReminderRepository(Repository[MaintenanceReminderRow]):
    row_type = MaintenanceReminderRow
    name = "maintenance reminder"
