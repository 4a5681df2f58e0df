"""Events, as those who follow them get them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ecoctrl_gql.db.base import Base
from ecoctrl_gql.db.conditions import Condition
from ecoctrl_gql.db.enums import EventChange
from ecoctrl_gql.db.json_rows import record_of_json
from ecoctrl_gql.db.matching import Predicate, predicate
from ecoctrl_gql.db.repositories.events import EventRecord
from ecoctrl_gql.events.places import Cursors, Place


class Event:
    """
    A change of a row.

    Attributes:
        stored: The event as it is stored.
    """

    def __init__(self, stored: EventRecord, cursors: Cursors, prefix: bytes) -> None:
        self.stored = stored
        self._cursors, self._prefix = cursors, prefix

    @cached_property
    def cursor(self) -> str:
        """The place right behind it."""
        return self._cursors.encode(self._prefix, self.stored.id)

    def record(self, row_type: type[Base]) -> Any:
        """The row as it was then, or before it was deleted."""
        if self._record is None:
            self._record = record_of_json(row_type, self.stored.data)
        return self._record

    _record: Any = None


def events_behind(place: Place, stored: Sequence[EventRecord], cursors: Cursors) -> list[Event]:
    """Events of one batch, with their cursors."""
    prefix = cursors.prefix(place) if stored else b""
    return [Event(record, cursors, prefix) for record in stored]


@dataclass(frozen=True)
class Interest:
    """
    What somebody follows.

    Attributes:
        row_type: The table.
        changes: Which changes of its rows.
        condition: What the row must be like: as it is after the change, or was before it was deleted.
        owner: Whose rows, by column and key of the user; None for all.
        everybody: Whether rows count that name no user.
    """

    row_type: type[Base]
    changes: frozenset[EventChange]
    condition: Condition
    owner: tuple[str, str] | None = None
    everybody: bool = False

    def of(self, events: Sequence[Event]) -> list[Event]:
        """Those of some events that are of interest, in their order."""
        return [event for event in events if self._matches(event)]

    def _matches(self, event: Event) -> bool:
        if event.stored.subject != self.row_type.__tablename__ or event.stored.change not in self.changes:
            return False
        record = event.record(self.row_type)
        return self._is_owned(record) and self._meets(record)

    def _is_owned(self, record: Any) -> bool:
        if self.owner is None:
            return True
        whose = getattr(record, self.owner[0])
        return bool(whose == self.owner[1] or (self.everybody and whose is None))

    @cached_property
    def _meets(self) -> Predicate:
        return predicate(self.row_type, self.condition)
