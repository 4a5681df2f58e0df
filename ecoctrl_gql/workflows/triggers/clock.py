"""What time it is, for all that waits for a time."""

from collections.abc import Callable
from datetime import datetime

from ecoctrl_gql.db.repositories import Repositories


class Clock:
    """
    The database's time, for several machines have several clocks.

    Args:
        given: Tells the time in its place.
    """

    def __init__(self, given: Callable[[], datetime] | None = None) -> None:
        self._given = given

    async def now(self, repos: Repositories) -> datetime:
        return self._given() if self._given else await repos.now()

    def or_given(self, now: datetime) -> datetime:
        """An instant that the database told, unless the time is given otherwise."""
        return self._given() if self._given else now
