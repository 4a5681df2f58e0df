from datetime import date

from ecoctrl_gql.db.repositories.batches import BatchRepository
from ecoctrl_gql.db.statements import Statement
from ecoctrl_gql.db.tables.maintenance_reminders import MaintenanceReminderRow

MARK_OVERDUE: Statement[str] = Statement(
    """
    UPDATE maintenance_reminders SET status = 'overdue'
    WHERE status IN ('pending', 'in_progress') AND due_date < %(today)s RETURNING id
    """.strip(),
    lambda row: str(row[0]),
)


class MaintenanceReminderRepository(BatchRepository[MaintenanceReminderRow]):
    row_type = MaintenanceReminderRow
    name = "maintenance reminder"

    async def mark_overdue(self, today: date) -> list[str]:
        """Make overdue what is not done though it was due before a day; gives the keys."""
        return await self._change(MARK_OVERDUE, {"today": today})
