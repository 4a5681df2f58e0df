from datetime import timedelta

from ecoctrl_gql.db.repositories.base import Repository
from ecoctrl_gql.db.statements import Statement
from ecoctrl_gql.db.tables.messages import MessageRow

REMOVE: Statement[str] = Statement(
    "DELETE FROM messages WHERE created_at < now() - %(age)s::interval RETURNING id", lambda row: str(row[0])
)


class MessageRepository(Repository[MessageRow]):
    row_type = MessageRow
    name = "message"

    async def remove_old(self, age: timedelta) -> int:
        """Remove messages that are older; gives how many."""
        return len(await self._change(REMOVE, {"age": age}))
