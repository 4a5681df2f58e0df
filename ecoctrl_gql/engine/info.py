"""
Where the values of a column stand in the answer, and the ``info`` of resolvers below the root.

A path is worked out only when somebody asks for it; nobody does in most requests.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from graphql import GraphQLResolveInfo
from graphql.pyutils import Path

if TYPE_CHECKING:
    from ecoctrl_gql.engine.plan import Field


class Axis:
    """
    Maps the index of a value in its column to its path; this one is the root's.

    Attributes:
        alone: Nothing else of the request waits while this column is worked on.
    """

    __slots__ = ("alone",)

    def __init__(self, alone: bool = True) -> None:
        self.alone = alone

    def path(self, index: int) -> Path | None:
        """The path of the value itself; None for the root."""
        del index
        return None

    def field_path(self, index: int) -> Path | None:
        """The path of the field that the value belongs to: without the indices of its lists."""
        return self.path(index)


class FieldAxis(Axis):
    """The values of one field, one for each parent."""

    __slots__ = ("_field", "_parent")

    def __init__(self, parent: Axis, field: "Field", alone: bool = False) -> None:
        super().__init__(alone)
        self._parent, self._field = parent, field

    def path(self, index: int) -> Path:
        field = self._field
        return Path(self._parent.path(index), field.key, field.parent_type.name)


class ItemAxis(Axis):
    """The items of a column of lists, one list after the other; what is no list has no items."""

    __slots__ = ("_ends", "_lists", "_parent")

    def __init__(self, parent: Axis, lists: Sequence[Any]) -> None:
        super().__init__(parent.alone)
        self._parent, self._lists = parent, lists
        self._ends: list[int] = []

    def path(self, index: int) -> Path:
        place, offset = self._locate(index)
        return Path(self._parent.path(place), offset, None)

    def field_path(self, index: int) -> Path | None:
        return self._parent.field_path(self._locate(index)[0])

    def _locate(self, index: int) -> tuple[int, int]:
        if not self._ends:
            self._ends = list(accumulate(len(v) if type(v) in (list, tuple) else 0 for v in self._lists))
        place = bisect_right(self._ends, index)
        return place, index - (self._ends[place - 1] if place else 0)


class PickedAxis(Axis):
    """Some values of another column."""

    __slots__ = ("_parent", "_positions")

    def __init__(self, parent: Axis, positions: Sequence[int], alone: bool) -> None:
        super().__init__(alone)
        self._parent, self._positions = parent, positions

    def path(self, index: int) -> Path | None:
        return self._parent.path(self._positions[index])

    def field_path(self, index: int) -> Path | None:
        return self._parent.field_path(self._positions[index])


class CellInfo:
    """
    The ``GraphQLResolveInfo`` of one cell of a column.

    All but the path is the same for the whole column and comes from one shared tuple.
    """

    __slots__ = ("_axis", "_index", "_shared")

    def __init__(self, shared: GraphQLResolveInfo[Any], axis: Axis, index: int) -> None:
        self._shared, self._axis, self._index = shared, axis, index

    @property
    def path(self) -> Path | None:
        return self._axis.field_path(self._index)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):  # else a copy, still without its slots, would look for them forever
            raise AttributeError(name)
        return getattr(self._shared, name)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._replace())

    def _replace(self, **changes: Any) -> GraphQLResolveInfo[Any]:
        return self._shared._replace(**{"path": self.path, **changes})
