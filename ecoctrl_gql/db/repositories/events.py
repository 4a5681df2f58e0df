from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from ecoctrl_gql.db.repositories.base import Repository
from ecoctrl_gql.db.snapshots import Snapshot
from ecoctrl_gql.db.statements import Statement
from ecoctrl_gql.db.tables.events import EventRow

EVERY_TRANSACTION = 2**63 - 1


class EventRecord(NamedTuple):
    """
    An event as it is stored; ``data`` is the row by its columns' names.

    ``chain`` is how many runs of workflows led to it; None where none did.
    """

    id: int
    transaction_id: int
    subject: str
    change: str
    data: dict[str, Any]
    created_at: datetime
    chain: int | None = None


class EventsSeen(NamedTuple):
    """
    What one statement saw.

    Attributes:
        snapshot: Its snapshot, up to the last transaction with an event. What comes behind that may have
            left no trace, and after a crash its number may be given to another.
        trimmed_id: The greatest key of an event that was removed by age; 0 before the first.
        trimmed_transaction: The greatest transaction with such an event.
        events: Events, in the order in which they were written.
    """

    snapshot: Snapshot
    trimmed_id: int
    trimmed_transaction: int
    events: list[EventRecord]


# A table that is restored is another table; a database that is promoted begins another timeline.
HISTORY: Statement[str] = Statement(
    """
    SELECT concat_ws('/', system_identifier, timeline_id,
        (SELECT oid FROM pg_database WHERE datname = current_database()), 'events'::regclass::oid)
    FROM pg_control_system(), pg_control_checkpoint()
    """.strip(),
    lambda row: str(row[0]),
)

_SEEN = """
SELECT pg_current_snapshot()::text, coalesce(trim.event_id, 0), coalesce(trim.transaction_id, 0),
    greatest((SELECT max(transaction_id) FROM events), trim.transaction_id, 0), page.*
FROM (VALUES (true)) AS one LEFT JOIN event_trims AS trim ON true LEFT JOIN ({page}) AS page ON true
ORDER BY page.id
""".strip()

_ONLY = " AND subject = ANY (%(subjects)s)"

# By transaction, however many events lie before it; only keys are gathered, for there may be very many.
_FIRST_PAGE = """
        WITH fresh AS MATERIALIZED (
            SELECT id FROM events WHERE transaction_id >= %(seen_end)s
                AND transaction_id < %(end)s AND transaction_id <> ALL (%(running)s){only}
            UNION ALL
            SELECT id FROM events WHERE transaction_id = ANY (%(seen_running)s)
                AND transaction_id < %(end)s AND transaction_id <> ALL (%(running)s){only}
        )
        SELECT id, transaction_id, subject, change, data, created_at, chain FROM events
        WHERE id = ANY (ARRAY(SELECT id FROM fresh ORDER BY id LIMIT %(limit)s))
        """

# By key: what comes after an event of many lies right behind it.
_NEXT_PAGE = """
        SELECT id, transaction_id, subject, change, data, created_at, chain FROM events
        WHERE id > %(after)s AND (transaction_id >= %(seen_end)s OR transaction_id = ANY (%(seen_running)s))
            AND transaction_id < %(end)s AND transaction_id <> ALL (%(running)s){only}
        ORDER BY id LIMIT %(limit)s
        """


def _seeing(page: str, only: str = "") -> Statement[Any]:
    return Statement(_SEEN.format(page=page.format(only=only)), tuple)


FIRST, NEXT = _seeing(_FIRST_PAGE), _seeing(_NEXT_PAGE)
FIRST_OF, NEXT_OF = _seeing(_FIRST_PAGE, _ONLY), _seeing(_NEXT_PAGE, _ONLY)

# Keys and times go up together but for statements that run at the same time.
SINCE: Statement[int] = Statement(
    """
    SELECT coalesce(min(id), (SELECT max(id) + 1 FROM events), 1) FROM (
        SELECT id FROM events WHERE created_at >= %(since)s ORDER BY created_at LIMIT 1000
    ) AS first
    """.strip(),
    lambda row: int(row[0]),
)

OF_TIME: Statement[EventRecord] = Statement(
    """
    SELECT id, transaction_id, subject, change, data, created_at, chain FROM events
    WHERE created_at >= %(start)s AND created_at <= %(end)s AND subject = ANY (%(subjects)s)
        AND id > %(after)s
    ORDER BY id LIMIT %(limit)s
    """.strip(),
    EventRecord._make,
)

FIRST_KEPT: Statement[datetime | None] = Statement("SELECT min(created_at) FROM events", lambda row: row[0])

# In keys' order, for the oldest come first; the lock keeps processes from trimming at the same time.
TRIM: Statement[int] = Statement(
    """
    WITH turn AS MATERIALIZED (SELECT pg_try_advisory_xact_lock(hashtext('ecoctrl events')) AS mine),
    oldest AS MATERIALIZED (
        SELECT id, created_at FROM events WHERE (SELECT mine FROM turn) ORDER BY id LIMIT %(limit)s
    ),
    gone AS (
        DELETE FROM events USING oldest
        WHERE events.id = oldest.id AND oldest.created_at < now() - %(age)s::interval
        RETURNING events.id
    )
    SELECT count(*) FROM gone
    """.strip(),
    lambda row: int(row[0]),
    writes=True,
)


class EventRepository(Repository[EventRow]):
    row_type = EventRow
    name = "event"

    async def history(self) -> str:
        """The identity of the history that events belong to."""
        return (await self._runner.fetch(HISTORY, {}))[0]

    async def between(
        self,
        seen: Snapshot,
        until: Snapshot | None,
        after: int,
        limit: int,
        subjects: Collection[str] | None = None,
    ) -> EventsSeen:
        """
        Events that one snapshot does not see and a later one does: the statement's own, unless one is given.

        Args:
            seen: What was seen before.
            until: The later snapshot.
            after: The key after which the page begins; 0 for the first page.
            limit: The most events of the page.
            subjects: The only subjects to look at; all by default.
        """
        values = {
            "seen_end": seen.end,
            "seen_running": list(seen.running),
            "end": EVERY_TRANSACTION if until is None else until.end,
            "running": [] if until is None else list(until.running),
            "limit": limit,
        }
        first, following = (FIRST, NEXT) if subjects is None else (FIRST_OF, NEXT_OF)
        if subjects is not None:
            values["subjects"] = list(subjects)
        if after:
            return _seen(await self._runner.fetch(following, values | {"after": after}))
        return _seen(await self._runner.fetch(first, values))

    async def first_since(self, since: datetime) -> int:
        """The key of the first event at or after an instant, or the one that the next event may get."""
        return (await self._runner.fetch(SINCE, {"since": since}))[0]

    async def of_time(
        self, start: datetime, end: datetime, after: int, limit: int, subjects: Sequence[str]
    ) -> list[EventRecord]:
        """Events of some subjects between two instants, behind a key, in the order of keys."""
        values = {"start": start, "end": end, "after": after, "limit": limit, "subjects": list(subjects)}
        return await self._runner.fetch(OF_TIME, values)

    async def first_kept_at(self) -> datetime | None:
        """When the oldest event was written that is kept; None where there is none."""
        return (await self._runner.fetch(FIRST_KEPT, {}))[0]

    async def trim(self, age: timedelta, limit: int) -> int:
        """
        Remove up to ``limit`` events that are older; none where another process is about it.

        Returns:
            How many there were.
        """
        return (await self._runner.fetch(TRIM, {"age": age, "limit": limit}))[0]


def _seen(rows: Sequence[Any]) -> EventsSeen:
    text, trimmed_id, trimmed_transaction, last = rows[0][:4]
    events = [EventRecord._make(row[4:]) for row in rows if row[4] is not None]
    return EventsSeen(Snapshot.parse(text).up_to(last), trimmed_id, trimmed_transaction, events)
