"""
Plans: what is worked out once for an operation and used by all its requests.

A plan holds types, fields and syntax; nothing of a request: no values, no context, no executor.
"""

from typing import Any, TypeAlias, cast

from graphql import (
    GraphQLAbstractType,
    GraphQLField,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    is_leaf_type,
    is_object_type,
)
from graphql.execution import Executor
from graphql.execution.collect_fields import CollectedFields, FieldDetailsList, collect_fields
from graphql.execution.executor import to_nodes
from graphql.pyutils import Path

from ecoctrl_gql.engine.arguments import KnownArguments
from ecoctrl_gql.engine.completion import PROPAGATE, Completer, Leaf, ListOf
from ecoctrl_gql.engine.driving import in_own_task, suspends, together
from ecoctrl_gql.engine.info import Axis, FieldAxis
from ecoctrl_gql.engine.leaves import Column
from ecoctrl_gql.engine.resolution import Later, Resolution, resolution
from ecoctrl_gql.engine.rows import Rows, RowsByType, row_builder
from ecoctrl_gql.engine.run import Run

AnyExecutor: TypeAlias = Executor[Any]


class Field:
    """A field of the answer: how its column is resolved and completed."""

    __slots__ = (
        "_rows_by_type",
        "above",
        "arguments",
        "completer",
        "definition",
        "details",
        "key",
        "leaf",
        "name",
        "nodes",
        "parent_type",
        "resolve",
    )

    def __init__(
        self,
        executor: AnyExecutor,
        above: "Field | None",
        parent_type: GraphQLObjectType,
        key: str,
        details: FieldDetailsList,
        definition: GraphQLField,
    ) -> None:
        self.above, self.parent_type, self.key, self.details = above, parent_type, key, details
        self.definition = definition
        self.nodes = to_nodes(details)
        self.name = self.nodes[0].name.value
        self.arguments = KnownArguments(definition, self.nodes[0])
        self.resolve: Resolution = resolution(definition, executor.schema)
        self._rows_by_type: dict[GraphQLObjectType, Rows] = {}
        self.completer = self._completer(executor, definition.type)
        self.leaf = self.completer if isinstance(self.completer, Leaf) else None

    def rows_of(self, executor: AnyExecutor, type_: GraphQLObjectType, non_null: bool = False) -> Rows:
        """What completes the field's objects of one type, worked out when the first appears."""
        rows = self._rows_by_type.get(type_)
        if rows is None:
            selection = Selection(executor, self, type_, executor.collect_subfields(type_, self.details))
            rows = self._rows_by_type[type_] = Rows(self, non_null, type_, selection)
        return rows

    async def finish(self, run: Run, column: Column | Later, axis: Axis) -> Column:
        """Await what the column holds and complete it."""
        if not isinstance(column, list):
            run.awaited = True
            column = await (column if axis.alone else in_own_task(column))
        elif suspends(set(map(type, column))):
            column = await run.settle(column, axis.alone)
        return await self.completer.complete(run, column, axis)

    def _completer(self, executor: AnyExecutor, type_: GraphQLOutputType) -> Completer:
        non_null = isinstance(type_, GraphQLNonNull)
        nullable: Any = type_.of_type if isinstance(type_, GraphQLNonNull) else type_
        if isinstance(nullable, GraphQLList):
            return ListOf(self, non_null, self._completer(executor, nullable.of_type))
        if is_leaf_type(nullable):
            return Leaf(self, non_null, nullable)
        if is_object_type(nullable):
            return self.rows_of(executor, nullable, non_null)
        return RowsByType(self, non_null, cast("GraphQLAbstractType", nullable))


class Selection:
    """The fields selected on objects of one type."""

    __slots__ = ("_build", "fields")

    def __init__(
        self, executor: AnyExecutor, above: Field | None, type_: GraphQLObjectType, collected: CollectedFields
    ) -> None:
        self.fields = []
        for key, details in collected.grouped_field_set.items():
            definition = executor.schema.get_field(type_, details[0].node.name.value)
            if definition is not None:
                self.fields.append(Field(executor, above, type_, key, details, definition))
        self._build = row_builder([field.key for field in self.fields])

    async def execute(self, run: Run, sources: Column, axis: Axis) -> list[dict[str, Any]]:
        """A row for each source, ``Failure`` in the cells that failed."""
        if not self.fields or not sources:
            return [{} for _ in sources]
        columns: list[Any] = []
        waiting: list[int] = []
        for index, field in enumerate(self.fields):
            column = field.resolve(run, field, sources, axis)
            completed = None if field.leaf is None else _completed_at_once(run, field.leaf, column)
            if completed is None:
                waiting.append(index)
            columns.append(column if completed is None else completed)
        if waiting:
            await self._finish(run, columns, waiting, axis)
        return self._build(columns)

    async def execute_serially(self, run: Run, root: Any) -> dict[str, Any] | None:
        """Each field with all below it before the next is resolved; None if a null propagates."""
        row: dict[str, Any] = {}
        axis = Axis()
        for field in self.fields:
            column = field.resolve(run, field, [root], axis)
            (cell,) = await field.finish(run, column, FieldAxis(axis, field, alone=True))
            row[field.key] = cell
            if field in run.failed and self._repair_cell(run, field, row, None) is PROPAGATE:
                return None
        return row

    def repair(self, run: Run, row: dict[str, Any], path: Path | None) -> dict[str, Any] | None:
        """Report the errors in a row and propagate nulls; None if one propagates out of it."""
        for field in self.fields:
            if field in run.failed and self._repair_cell(run, field, row, path) is PROPAGATE:
                return None
        return row

    async def _finish(self, run: Run, columns: list[Any], waiting: list[int], axis: Axis) -> None:
        if len(waiting) == 1:
            (index,) = waiting
            field = self.fields[index]
            columns[index] = await field.finish(run, columns[index], FieldAxis(axis, field, axis.alone))
            return
        fields = [self.fields[index] for index in waiting]
        finished = await together(
            field.finish(run, columns[index], FieldAxis(axis, field))
            for index, field in zip(waiting, fields, strict=True)
        )
        for index, column in zip(waiting, finished, strict=True):
            columns[index] = column

    @staticmethod
    def _repair_cell(run: Run, field: Field, row: dict[str, Any], path: Path | None) -> Any:
        cell_path = Path(path, field.key, field.parent_type.name)
        row[field.key] = field.completer.repair(run, row[field.key], cell_path)
        return row[field.key]


class Plan:
    """How one operation is executed on one schema."""

    __slots__ = ("_root",)

    def __init__(self, executor: AnyExecutor, root_type: GraphQLObjectType) -> None:
        collected = collect_fields(
            executor.schema,
            executor.fragments,
            executor.variable_values,
            root_type,
            executor.operation,
            executor.hide_suggestions,
        )
        self._root = Selection(executor, None, root_type, collected)

    async def execute(self, run: Run, serially: bool) -> dict[str, Any] | None:
        """The data of the answer; its errors are in ``run.errors``."""
        root = run.executor.root_value
        if serially:
            return await self._root.execute_serially(run, root)
        (row,) = await self._root.execute(run, [root], Axis())
        return self._root.repair(run, row, None) if run.failed else row


def _completed_at_once(run: Run, leaf: Leaf, column: Column | Later) -> Column | None:
    """The completed column of a leaf field, None if it has to be awaited."""
    if type(column) is not list:
        return None
    completed = leaf.complete_in_bulk(column)
    if completed is None and not suspends(set(map(type, column))):
        completed = leaf.complete_now(run, column)
    return completed
