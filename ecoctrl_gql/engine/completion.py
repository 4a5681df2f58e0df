"""
Completing columns by type: the specification's section 6.4.3, and 6.4.4 in ``repair``.

Errors stay in their cells as ``Failure``. Only if some field failed, one depth-first walk along the
failed fields gives them paths, reports them in the order of the answer and propagates nulls.
"""

from collections.abc import AsyncIterable, Iterable
from functools import lru_cache
from itertools import chain, islice
from types import NoneType
from typing import TYPE_CHECKING, Any, Final

from graphql import GraphQLError, GraphQLLeafType, Undefined, located_error
from graphql.execution import Executor
from graphql.pyutils import Path, inspect, is_iterable

from ecoctrl_gql.engine.driving import KINDS, suspends
from ecoctrl_gql.engine.info import Axis, ItemAxis
from ecoctrl_gql.engine.leaves import Column, bulk_coercions, unchanged
from ecoctrl_gql.engine.run import Failure, Run

if TYPE_CHECKING:
    from ecoctrl_gql.engine.plan import Field

PROPAGATE: Final = object()
"""The value of a non-null position that holds null: its parent becomes null."""

_LISTS: Final = (list, tuple)
_ERRORS: Final = (Failure, Exception)
_UNDEFINED: Final = type(Undefined)


def is_irregular(value: Any) -> bool:
    """Whether there is nothing to complete: null or an error."""
    return value is None or value is Undefined or isinstance(value, _ERRORS)


def any_irregular(column: Column) -> bool:
    return any(map(_is_irregular_kind, set(map(type, column))))


@lru_cache(maxsize=KINDS)
def _is_irregular_kind(kind: type) -> bool:
    return kind is NoneType or kind is _UNDEFINED or issubclass(kind, _ERRORS)


class Completer:
    """Completes the values that a field, or a list in it, holds at one position of its type."""

    __slots__ = ("field", "non_null")

    def __init__(self, field: "Field", non_null: bool) -> None:
        self.field, self.non_null = field, non_null

    async def complete(self, run: Run, column: Column, axis: Axis) -> Column:
        """The completed column, ``Failure`` in the cells that failed."""
        raise NotImplementedError

    def descend(self, run: Run, value: Any, path: Path) -> Any:
        """Repair what lies within a completed value; None if a null propagates out of it."""
        del run, path
        return value

    def repair(self, run: Run, value: Any, path: Path) -> Any:
        """Report the errors in a completed value; its final value, or ``PROPAGATE``."""
        if type(value) is Failure:
            run.errors.append(located_error(value.error, self.field.nodes, path.as_list()))
            value = None
        elif value is not None:
            value = self.descend(run, value, path)
        return PROPAGATE if value is None and self.non_null and run.propagates else value

    def irregular(self, run: Run, value: Any) -> Any:
        """The completion of what ``is_irregular``."""
        if isinstance(value, Failure):
            return value
        if isinstance(value, Exception):
            return run.fail(self.field, value)
        if not self.non_null:
            return None
        name = f"{self.field.parent_type}.{self.field.name}"
        return run.fail(self.field, TypeError(f"Cannot return null for non-nullable field {name}."))

    def split(self, run: Run, column: Column) -> tuple[Column, list[int], Column]:
        """The values to complete, their positions, and a column that already holds all the others."""
        live: Column = []
        positions: list[int] = []
        out: Column = [None] * len(column)
        for index, value in enumerate(column):
            if is_irregular(value):
                out[index] = self.irregular(run, value)
            else:
                live.append(value)
                positions.append(index)
        return live, positions, out


class Leaf(Completer):
    """Scalars and enums; they never wait."""

    __slots__ = ("_bulk", "_type")

    def __init__(self, field: "Field", non_null: bool, type_: GraphQLLeafType) -> None:
        super().__init__(field, non_null)
        self._type = type_
        self._bulk = bulk_coercions(type_)

    async def complete(self, run: Run, column: Column, axis: Axis) -> Column:
        del axis
        return self.complete_now(run, column)

    def complete_now(self, run: Run, column: Column) -> Column:
        completed = self.complete_in_bulk(column)
        return [self._item(run, value) for value in column] if completed is None else completed

    def complete_in_bulk(self, column: Column) -> Column | None:
        """The completed column if a bulk coercion takes all its values, else None."""
        kinds = set(map(type, column))
        nulls = NoneType in kinds
        if nulls:
            if self.non_null:
                return None
            kinds.remove(NoneType)
        if not kinds:
            return column
        coerce = self._bulk.get(kinds.pop())
        if coerce is None or kinds:
            return None
        if coerce is unchanged:
            return column
        try:
            if not nulls:
                completed = coerce(column)
                return completed if len(completed) == len(column) else None
            rest = iter(coerce([value for value in column if value is not None]))
            return [None if value is None else next(rest) for value in column]
        except Exception:  # some value is bad: coerced one by one, they tell which
            return None

    def _item(self, run: Run, value: Any) -> Any:
        if is_irregular(value):
            return self.irregular(run, value)
        try:
            coerced = self._type.coerce_output_value(value)
        except Exception as error:  # becomes the error of its field
            return run.fail(self.field, error)
        if coerced is None or coerced is Undefined:
            call = f"{inspect(self._type)}.coerce_output_value({inspect(value)})"
            message = f"Expected `{call}` to return non-nullable value, returned: {inspect(coerced)}"
            return run.fail(self.field, TypeError(message))
        return coerced


class ListOf(Completer):
    """Lists: their items are completed as one column and split again."""

    __slots__ = ("_item",)

    def __init__(self, field: "Field", non_null: bool, item: Completer) -> None:
        super().__init__(field, non_null)
        self._item = item

    async def complete(self, run: Run, column: Column, axis: Axis) -> Column:
        if not set(map(type, column)) <= {list, tuple}:
            column = await self._as_lists(run, column, axis)
        items = list(chain.from_iterable(value for value in column if type(value) in _LISTS))
        if items:
            if suspends(set(map(type, items))):
                items = await run.settle(items, axis.alone)
            items = await self._item.complete(run, items, ItemAxis(axis, column))
        rest = iter(items)
        return [list(islice(rest, len(value))) if type(value) in _LISTS else value for value in column]

    def descend(self, run: Run, value: list[Any], path: Path) -> list[Any] | None:
        for index, item in enumerate(value):
            repaired = self._item.repair(run, item, path.add_key(index, None))
            if repaired is PROPAGATE:
                return None
            value[index] = repaired
        return value

    async def _as_lists(self, run: Run, column: Column, axis: Axis) -> Column:
        lists = [self._as_list(run.executor, value) for value in column]
        if suspends(set(map(type, lists))):
            lists = await run.settle(lists, axis.alone)
        return [self.irregular(run, value) if is_irregular(value) else value for value in lists]

    def _as_list(self, executor: Executor[Any], value: Any) -> Any:
        """A list or tuple, a coroutine of one, null or an error."""
        if type(value) in _LISTS or is_irregular(value):
            return value
        try:
            if executor.is_async_iterable(value):
                return _collect(value)
            if is_iterable(value):
                return _listed(value)
        except Exception as error:  # becomes the error of its field
            return error
        name = f"{self.field.parent_type}.{self.field.name}"
        return GraphQLError(f"Expected Iterable, but did not find one for field '{name}'.")


async def _collect(values: AsyncIterable[Any]) -> list[Any]:
    return [value async for value in values]


def _listed(values: Iterable[Any]) -> list[Any]:
    return list(values)
