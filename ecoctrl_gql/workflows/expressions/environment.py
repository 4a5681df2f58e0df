"""What an evaluation knows of the world: the time, the time zone, and where new ids come from."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from uuid import uuid4

from ecoctrl_gql.workflows.expressions.errors import ExpressionError


@dataclass(frozen=True, slots=True)
class Environment:
    """
    Everything an expression can ask for besides its scope; the same answers give the same result.

    Attributes:
        now: The present, with a time zone.
        uuid: A new id at every call.
        zone: Where dates are shown, and what a time without an offset is taken for.
    """

    now: Callable[[], datetime]
    uuid: Callable[[], str]
    zone: tzinfo = UTC


def live(zone: tzinfo = UTC) -> Environment:
    """The real clock, and random ids."""
    return Environment(lambda: datetime.now(UTC), lambda: str(uuid4()), zone)


def recorded(now: datetime, uuids: Iterable[str] = (), zone: tzinfo = UTC) -> Environment:
    """A clock that stands still and the ids of a former run, for dry runs; one id too many is an error."""
    left = iter(uuids)

    def uuid() -> str:
        for recorded_uuid in left:
            return recorded_uuid
        raise ExpressionError("This run asks for more ids with uuid() than were recorded")

    return Environment(lambda: now, uuid, zone)
