"""Completing columns of objects: one type for all, or grouped by their types at runtime."""

from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeAlias

from graphql import GraphQLAbstractType, GraphQLObjectType
from graphql.execution.executor import invalid_return_type_error
from graphql.pyutils import Path

from ecoctrl_gql.engine.completion import Completer, any_irregular, is_irregular
from ecoctrl_gql.engine.driving import suspends, together
from ecoctrl_gql.engine.info import Axis, PickedAxis
from ecoctrl_gql.engine.leaves import Column
from ecoctrl_gql.engine.run import Run

if TYPE_CHECKING:
    from ecoctrl_gql.engine.plan import Field, Selection

RowBuilder: TypeAlias = Callable[[list[Column]], list[dict[str, Any]]]
_WIDEST_GENERATED = 100


class Rows(Completer):
    """Objects of one type: the selection is executed for all of them."""

    __slots__ = ("_selection", "_type")

    def __init__(
        self, field: "Field", non_null: bool, type_: GraphQLObjectType, selection: "Selection"
    ) -> None:
        super().__init__(field, non_null)
        self._type, self._selection = type_, selection

    async def complete(self, run: Run, column: Column, axis: Axis) -> Column:
        if self._type.is_type_of is not None:
            column = await self._verified(run, column, axis)
        if not any_irregular(column):
            return await self._selection.execute(run, column, axis)
        live, positions, out = self.split(run, column)
        rows = await self._selection.execute(run, live, PickedAxis(axis, positions, axis.alone))
        for position, row in zip(positions, rows, strict=True):
            out[position] = row
        return out

    def descend(self, run: Run, value: dict[str, Any], path: Path) -> dict[str, Any] | None:
        return self._selection.repair(run, value, path)

    async def _verified(self, run: Run, column: Column, axis: Axis) -> Column:
        """The column with an error in place of each value that is not of the type."""
        verdicts = [self._is_type_of(run, value, axis, index) for index, value in enumerate(column)]
        if suspends(set(map(type, verdicts))):
            verdicts = await run.settle(verdicts, axis.alone)
        return [self._checked(value, verdict) for value, verdict in zip(column, verdicts, strict=True)]

    def _is_type_of(self, run: Run, value: Any, axis: Axis, index: int) -> Any:
        check = self._type.is_type_of
        if check is None or is_irregular(value):
            return True
        try:
            return check(value, run.cell_info(self.field, axis, index))
        except Exception as error:  # becomes the error of its field
            return error

    def _checked(self, value: Any, verdict: Any) -> Any:
        if isinstance(verdict, Exception):
            return verdict
        return value if verdict else invalid_return_type_error(self._type, value, self.field.details)


class RowsByType(Completer):
    """Objects of an interface or union: each group of one type is completed as its own column."""

    __slots__ = ("_type",)

    def __init__(self, field: "Field", non_null: bool, type_: GraphQLAbstractType) -> None:
        super().__init__(field, non_null)
        self._type = type_

    async def complete(self, run: Run, column: Column, axis: Axis) -> Column:
        live, positions, out = self.split(run, column)
        names = [
            self._type_name(run, value, axis, position)
            for value, position in zip(live, positions, strict=True)
        ]
        if suspends(set(map(type, names))):
            names = await run.settle(names, axis.alone)
        groups: dict[Rows, tuple[list[int], Column]] = {}
        known: dict[str, Rows] = {}
        for position, value, name in zip(positions, live, names, strict=True):
            try:
                rows = known.get(name) if type(name) is str else None
                if rows is None:
                    rows = known[name] = self._rows_of(run, name, value)
            except Exception as error:  # becomes the error of its field
                out[position] = run.fail(self.field, error)
            else:
                group = groups.setdefault(rows, ([], []))
                group[0].append(position)
                group[1].append(value)
        await self._complete_groups(run, groups, axis, out)
        return out

    def descend(self, run: Run, value: dict[str, Any], path: Path) -> dict[str, Any] | None:
        rows: Rows = run.type_of(value)
        return rows.descend(run, value, path)

    async def _complete_groups(
        self, run: Run, groups: dict[Rows, tuple[list[int], Column]], axis: Axis, out: Column
    ) -> None:
        alone = axis.alone and len(groups) == 1
        columns = await together(
            rows.complete(run, values, PickedAxis(axis, positions, alone))
            for rows, (positions, values) in groups.items()
        )
        for (rows, (positions, _)), column in zip(groups.items(), columns, strict=True):
            run.remember_type(rows, column)
            for position, row in zip(positions, column, strict=True):
                out[position] = row

    def _type_name(self, run: Run, value: Any, axis: Axis, position: int) -> Any:
        resolve_type = self._type.resolve_type or run.executor.type_resolver
        try:
            return resolve_type(value, run.cell_info(self.field, axis, position), self._type)
        except Exception as error:  # becomes the error of its field
            return error

    def _rows_of(self, run: Run, name: Any, value: Any) -> Rows:
        if isinstance(name, Exception):
            raise name
        field, executor = self.field, run.executor
        info = run.info(field)
        type_ = executor.ensure_valid_runtime_type(name, self._type, field.details, info, value)
        return field.rows_of(executor, type_)


def row_builder(keys: list[str]) -> RowBuilder:
    """A function that makes rows with these keys of columns in the same order."""
    if 0 < len(keys) <= _WIDEST_GENERATED:
        return _row_builder_maker(len(keys))(*keys)
    return lambda columns: [dict(zip(keys, cells, strict=True)) for cells in zip(*columns, strict=True)]


@lru_cache(maxsize=_WIDEST_GENERATED)
def _row_builder_maker(width: int) -> Callable[..., RowBuilder]:
    """
    Maps ``width`` keys to a function with a dict display: three times faster than ``dict(zip(...))``.

    The generated code depends on the number alone; no name that a client chose becomes code.
    """
    keys = ", ".join(f"k{index}" for index in range(width))
    cells = ", ".join(f"c{index}" for index in range(width))
    items = ", ".join(f"k{index}: c{index}" for index in range(width))
    code = f"lambda {keys}: lambda columns: [{{{items}}} for {cells}, in zip(*columns, strict=True)]"
    maker: Callable[..., RowBuilder] = eval(code)  # noqa: S307 - see above
    return maker
