from ecoctrl_gql.db.repositories.batches import BatchRepository
from ecoctrl_gql.db.statements import Statement
from ecoctrl_gql.db.tables.notifications import NotificationRow

MARK_ALL_READ: Statement[int] = Statement(
    "UPDATE notifications SET read = true WHERE user_id = %(user_id)s AND NOT read RETURNING 1",
    lambda row: int(row[0]),
)


class NotificationRepository(BatchRepository[NotificationRow]):
    row_type = NotificationRow
    name = "notification"

    async def mark_all_read(self, user_id: str) -> int:
        """Mark all notifications of a user as read; gives how many were not."""
        return len(await self._change(MARK_ALL_READ, {"user_id": user_id}))
