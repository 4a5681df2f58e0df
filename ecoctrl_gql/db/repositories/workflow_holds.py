"""States that have to last before a trigger fires."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

from psycopg.types.json import Jsonb

from ecoctrl_gql.db.repositories.base import Repository
from ecoctrl_gql.db.statements import Statement
from ecoctrl_gql.db.tables.workflow_holds import WorkflowHoldRow


class Hold(NamedTuple):
    """A state of a subject, since when it is so, and when it has lasted long enough: None once it fired."""

    trigger_id: str
    subject: str
    trigger_data: dict[str, Any]
    since: datetime
    due_at: datetime | None


_COLUMNS = ", ".join(Hold._fields)

OF: Statement[Hold] = Statement(
    f"""
    SELECT {_COLUMNS} FROM workflow_holds
    WHERE (trigger_id, subject) IN (SELECT * FROM unnest(%(triggers)s::uuid[], %(subjects)s::text[]))
    """.strip(),  # from the record's own fields
    Hold._make,
)

DUE: Statement[Hold] = Statement(
    f"""
    SELECT {_COLUMNS} FROM workflow_holds WHERE due_at <= %(until)s ORDER BY due_at, id LIMIT %(limit)s
    """.strip(),  # from the record's own fields
    Hold._make,
)

NEXT_DUE: Statement[datetime | None] = Statement("SELECT min(due_at) FROM workflow_holds", lambda row: row[0])

PUT: Statement[str] = Statement(
    """
    INSERT INTO workflow_holds (trigger_id, subject, trigger_data, since, due_at)
    SELECT * FROM unnest(%(triggers)s::uuid[], %(subjects)s::text[], %(data)s::jsonb[],
        %(since)s::timestamptz[], %(due_at)s::timestamptz[])
    ON CONFLICT (trigger_id, subject) DO UPDATE
    SET trigger_data = excluded.trigger_data, since = excluded.since, due_at = excluded.due_at
    RETURNING id
    """.strip(),
    lambda row: str(row[0]),
)

DROP: Statement[str] = Statement(
    """
    DELETE FROM workflow_holds
    WHERE (trigger_id, subject) IN (SELECT * FROM unnest(%(triggers)s::uuid[], %(subjects)s::text[]))
    RETURNING id
    """.strip(),
    lambda row: str(row[0]),
)


class WorkflowHoldRepository(Repository[WorkflowHoldRow]):
    row_type = WorkflowHoldRow
    name = "held state"

    async def of(self, pairs: Collection[tuple[str, str]]) -> list[Hold]:
        """The holds of some triggers and subjects, in no order."""
        return await self._runner.fetch(OF, _pairs(pairs))

    async def due(self, until: datetime, limit: int) -> list[Hold]:
        """Those that had lasted long enough at an instant and have not fired, in the order of that."""
        return await self._runner.fetch(DUE, {"until": until, "limit": limit})

    async def next_due(self) -> datetime | None:
        """When the next has lasted long enough; None where none waits."""
        return (await self._runner.fetch(NEXT_DUE, {}))[0]

    async def put(self, holds: Collection[Hold]) -> None:
        """Store holds; one of the same trigger and subject is replaced."""
        if holds:
            values = {
                "data": [Jsonb(hold.trigger_data) for hold in holds],
                "since": [hold.since for hold in holds],
                "due_at": [hold.due_at for hold in holds],
            }
            await self._runner.fetch(PUT, _pairs((hold.trigger_id, hold.subject) for hold in holds) | values)

    async def drop(self, pairs: Collection[tuple[str, str]]) -> None:
        """Remove the holds of some triggers and subjects."""
        if pairs:
            await self._runner.fetch(DROP, _pairs(pairs))


def _pairs(pairs: Any) -> dict[str, Any]:
    listed = list(pairs)
    return {"triggers": [trigger for trigger, _ in listed], "subjects": [subject for _, subject in listed]}
