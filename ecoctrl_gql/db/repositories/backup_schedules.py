from ecoctrl_gql.db.repositories.single_row import SingleRowRepository
from ecoctrl_gql.db.tables.backup_schedules import BackupScheduleRow


class BackupScheduleRepository(SingleRowRepository[BackupScheduleRow]):
    row_type = BackupScheduleRow
    name = "backup schedule"
