"""Where following begins: behind a cursor, or at an instant."""

from datetime import UTC, datetime, timedelta

from ecoctrl_gql.db.snapshots import NOTHING
from ecoctrl_gql.errors import BadInputError
from ecoctrl_gql.events.places import CursorExpiredError, Place
from ecoctrl_gql.events.stream import OTHER_HISTORY, EventStream

CLOCK_SKEW = timedelta(seconds=10)
"""How far the clocks of callers may be ahead."""


async def cursor_of_now(stream: EventStream) -> str:
    """
    The cursor of the place behind all that was committed before.

    Raises:
        UnavailableError: The database is away.
    """
    place = await stream.now()
    return stream.cursors.encode(stream.cursors.prefix(place), place.after)


async def place_of(stream: EventStream, cursor: str) -> Place:
    """
    The place that a cursor names.

    Raises:
        BadInputError: It is no cursor.
        CursorExpiredError: Events behind it have been removed, or it belongs to another history.
        UnavailableError: The database is away.
    """
    here = await stream.now()
    place = stream.cursors.decode(cursor)
    if not here.batch.covers(place.batch):
        raise CursorExpiredError(OTHER_HISTORY)
    place.check(await stream.repository.between(here.batch, here.batch, 0, 0))
    return place


async def place_at(stream: EventStream, since: datetime) -> Place:
    """
    The place before the first event at or after an instant.

    Raises:
        BadInputError: It lies in the future.
        CursorExpiredError: Events were removed since.
        UnavailableError: The database is away.
    """
    now = datetime.now(UTC)
    if since > now + CLOCK_SKEW:
        raise BadInputError("since lies in the future; leave it out to begin now.")
    if since < now - stream.retention:
        days = stream.retention.total_seconds() / 86_400
        raise CursorExpiredError(f"Events are kept for {days:g} days.")
    here = await stream.now()
    return Place(NOTHING, here.batch, await stream.repository.first_since(since) - 1)
