from datetime import datetime
from typing import NamedTuple

from ecoctrl_gql.db.repositories.base import Repository
from ecoctrl_gql.db.statements import Statement
from ecoctrl_gql.db.tables.event_readers import EventReaderRow


class Turn(NamedTuple):
    """The place of a reader, and the database's time before it reads on."""

    cursor: str
    now: datetime


TAKE: Statement[Turn] = Statement(
    """
    SELECT cursor, clock_timestamp() FROM event_readers WHERE name = %(name)s FOR NO KEY UPDATE SKIP LOCKED
    """.strip(),
    Turn._make,
    writes=True,
)

BEGIN: Statement[str] = Statement(
    """
    INSERT INTO event_readers (name, cursor) VALUES (%(name)s, %(cursor)s)
    ON CONFLICT DO NOTHING RETURNING name
    """.strip(),
    lambda row: str(row[0]),
)

MOVE: Statement[str] = Statement(
    "UPDATE event_readers SET cursor = %(cursor)s WHERE name = %(name)s RETURNING name",
    lambda row: str(row[0]),
)


class EventReaderRepository(Repository[EventReaderRow]):
    row_type = EventReaderRow
    name = "event reader"

    async def take(self, name: str) -> Turn | None:
        """
        A reader's place, which no other process reads on from until the transaction ends.

        Returns:
            None where another process reads, or the reader has no place yet.
        """
        found = await self._runner.fetch(TAKE, {"name": name})
        return found[0] if found else None

    async def begin(self, name: str, cursor: str) -> None:
        """Give a reader a place, unless it has one."""
        await self._runner.fetch(BEGIN, {"name": name, "cursor": cursor})

    async def move(self, name: str, cursor: str) -> None:
        """Give a reader another place."""
        await self._runner.fetch(MOVE, {"name": name, "cursor": cursor})
