"""One execution of a plan: all that belongs to the request and not to the operation."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from enum import Enum
from types import NoneType
from typing import TYPE_CHECKING, Any
from uuid import UUID

from graphql import GraphQLError, GraphQLResolveInfo
from graphql.execution import Executor, MiddlewareManager
from graphql.execution.values import get_argument_values
from graphql.pyutils import Path

from ecoctrl_gql.engine.driving import outcome, outcomes
from ecoctrl_gql.engine.info import Axis, CellInfo

if TYPE_CHECKING:
    from ecoctrl_gql.engine.plan import Field
    from ecoctrl_gql.engine.rows import Rows

_IMMUTABLE = frozenset(
    {NoneType, bool, int, float, str, bytes, Decimal, UUID, dt.datetime, dt.date, dt.time, dt.timedelta}
)


class Failure:
    """Stands in a cell for the error of its field, until a path is given to it."""

    __slots__ = ("error",)

    def __init__(self, error: Exception) -> None:
        self.error = error


class Run:
    """
    The state of one execution.

    Attributes:
        errors: The errors of the answer, in its order.
        failed: The fields below which some cell failed.
        has_loop: Whether an event loop is known to drive it.
        awaited: Whether some resolver had to be awaited.
        middleware: What wraps every resolver; None if nothing does.
        propagates: Whether an error nulls the parent of a non-null field.
    """

    __slots__ = (
        "_abstract_rows",
        "_arguments",
        "_infos",
        "_rows_by_id",
        "awaited",
        "errors",
        "executor",
        "failed",
        "has_loop",
        "middleware",
        "propagates",
    )

    def __init__(self, executor: Executor[Any], *, has_loop: bool = False) -> None:
        self.executor, self.has_loop = executor, has_loop
        self.errors: list[GraphQLError] = []
        self.failed: set[Field] = set()
        self.awaited = False
        manager = executor.middleware_manager
        self.middleware: MiddlewareManager | None = manager if manager and manager.middlewares else None
        self.propagates = executor.error_propagation
        self._infos: dict[Field, GraphQLResolveInfo[Any]] = {}
        self._arguments: dict[Field, dict[str, Any]] = {}
        self._abstract_rows: list[tuple[Rows, list[Any]]] = []
        self._rows_by_id: dict[int, Rows] | None = None

    def fail(self, field: "Field", error: Exception) -> Failure:
        above: Field | None = field
        while above is not None and above not in self.failed:
            self.failed.add(above)
            above = above.above
        return Failure(error)

    def info(self, field: "Field") -> GraphQLResolveInfo[Any]:
        """What the cells of the field share; its path is right for a field of the root only."""
        info = self._infos.get(field)
        if info is None:
            path = Path(None, field.key, field.parent_type.name)
            info = self.executor.build_resolve_info(field.definition, field.nodes, field.parent_type, path)
            self._infos[field] = info
        return info

    def cell_info(self, field: "Field", axis: Axis, index: int) -> GraphQLResolveInfo[Any]:
        info = self.info(field)
        if field.above is None:
            return info
        return CellInfo(info, axis, index)  # type: ignore[return-value]  # it stands for one

    def arguments(self, field: "Field") -> dict[str, Any]:
        """
        The arguments of the field, made anew for each parent if a resolver could change them.

        Raises:
            GraphQLError: A required argument is missing or a value is invalid.
        """
        arguments = self._arguments.get(field)
        if arguments is None:
            variables, details = self.executor.variable_values, field.details[0]
            arguments = field.arguments.of(variables.coerced)
            if arguments is None:
                arguments = get_argument_values(
                    field.definition,
                    details.node,
                    variables,
                    details.fragment_variable_values,
                    self.executor.hide_suggestions,
                )
            if is_immutable(arguments):
                self._arguments[field] = arguments
        return arguments

    async def settle(self, column: list[Any], alone: bool) -> list[Any]:
        """The column with its awaitables awaited, an exception standing for what failed."""
        is_awaitable = self.executor.is_awaitable
        if alone and self.has_loop and len(column) == 1 and is_awaitable(column[0]):
            return [await outcome(column[0])]
        positions = [index for index, value in enumerate(column) if is_awaitable(value)]
        if not positions:
            return column
        self.awaited = True
        settled = list(column)
        done = await outcomes([column[index] for index in positions], alone)
        for index, value in zip(positions, done, strict=True):
            settled[index] = value
        return settled

    def remember_type(self, completer: "Rows", rows: list[Any]) -> None:
        """Note by which type the rows of an abstract field were completed; repairs need it."""
        self._abstract_rows.append((completer, rows))
        self._rows_by_id = None

    def type_of(self, row: dict[str, Any]) -> "Rows":
        if self._rows_by_id is None:
            self._rows_by_id = {
                id(row): completer
                for completer, rows in self._abstract_rows
                for row in rows
                if type(row) is dict
            }
        return self._rows_by_id[id(row)]


def is_immutable(arguments: Mapping[str, Any]) -> bool:
    """Whether all parents of a field may be given the very same values."""
    return all(map(is_immutable_value, arguments.values()))


def is_immutable_value(value: Any) -> bool:
    return type(value) in _IMMUTABLE or isinstance(value, Enum)
