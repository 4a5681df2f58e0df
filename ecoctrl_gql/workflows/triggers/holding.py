"""States that must last before a trigger fires: from when they are so until they are not any more."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, Protocol

from ecoctrl_gql.db.repositories.workflow_holds import Hold

Key = tuple[str, str]
"""A trigger and the subject that is in a state."""


class HoldStore(Protocol):
    """Where held states are kept: a table, or the memory of a replay."""

    async def of(self, pairs: Collection[Key]) -> list[Hold]:
        """The holds of some triggers and subjects, in no order."""
        ...

    async def due(self, until: datetime, limit: int) -> list[Hold]:
        """Those that had lasted long enough at an instant and have not fired, in the order of that."""
        ...

    async def put(self, holds: Collection[Hold]) -> None:
        """Keep holds, in place of those of the same triggers and subjects."""
        ...

    async def drop(self, pairs: Collection[Key]) -> None:
        """Forget the holds of some triggers and subjects."""
        ...


class Holds:
    """
    The held states that some events concern; changes are kept until they are stored.

    Args:
        found: Those that are stored.
    """

    def __init__(self, found: Collection[Hold]) -> None:
        self._holds = {(hold.trigger_id, hold.subject): hold for hold in found}
        self._touched: set[Key] = set()

    @classmethod
    async def of(cls, store: HoldStore, keys: Collection[Key]) -> "Holds":
        """Read those of some triggers and subjects."""
        return cls(await store.of(keys) if keys else ())

    def due(self, key: Key, at: datetime) -> Hold | None:
        """A state that had lasted long enough at an instant and has not fired."""
        hold = self._holds.get(key)
        return hold if hold and hold.due_at is not None and hold.due_at <= at else None

    def go_on(self, key: Key, data: dict[str, Any], at: datetime, hold_ms: int) -> None:
        """The state is so, perhaps since before: the time that it has lasted counts on."""
        hold = self._holds.get(key)
        if hold is None:
            self.begin(key, data, at, hold_ms)
        elif hold.due_at is not None:
            self._put(key, hold._replace(trigger_data=data))

    def begin(self, key: Key, data: dict[str, Any], at: datetime, hold_ms: int) -> None:
        """The state is so from now on."""
        self._put(key, Hold(*key, data, at, at + timedelta(milliseconds=hold_ms)))

    def fired(self, key: Key, *, again: bool) -> None:
        """
        A state has lasted long enough.

        Args:
            key: Which.
            again: Whether the next change begins anew; else the state must end first.
        """
        if again:
            self.end(key)
        else:
            self._put(key, self._holds[key]._replace(due_at=None))

    def end(self, key: Key) -> None:
        """The state is so no more."""
        if self._holds.pop(key, None) is not None:
            self._touched.add(key)

    async def store(self, store: HoldStore) -> None:
        """Write down what has changed."""
        await store.drop([key for key in self._touched if key not in self._holds])
        await store.put([self._holds[key] for key in self._touched if key in self._holds])
        self._touched.clear()

    def _put(self, key: Key, hold: Hold) -> None:
        self._holds[key] = hold
        self._touched.add(key)
