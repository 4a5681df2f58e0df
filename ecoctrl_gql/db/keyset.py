"""
Keyset pages: a position in a list is the values of the last row read, not a count of rows.

A list is ordered by one column and then by the key, so that the order is total and a position stays valid
while rows come and go. Nulls stand last in either direction.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, UnaryExpression, and_, or_, tuple_

from ecoctrl_gql.db.base import Base
from ecoctrl_gql.db.operands import operand
from ecoctrl_gql.db.records import attributes, key_name


@dataclass(frozen=True, slots=True)
class Order:
    """An order of a table's rows: one column, then the key in the same direction."""

    name: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Position:
    """A place in an ordered list: that of the row with this value and this key."""

    value: Any
    key: Any


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of a list: ``limit`` rows after (backward: before) a position, in the list's order."""

    order: Order
    limit: int
    backward: bool = False
    after: Position | None = None
    before: Position | None = None

    @property
    def shape(self) -> "WindowShape":
        """All of it but the values and the limit: what the statement's text depends on."""
        return WindowShape(self.order, self.backward, _kind(self.after), _kind(self.before))

    def parameters(self) -> dict[str, Any]:
        found: dict[str, Any] = {"row_limit": self.limit}
        for side, position in (("after", self.after), ("before", self.before)):
            if position is not None:
                found[f"{side}_key"] = position.key
                if position.value is not None:
                    found[f"{side}_value"] = position.value
        return found


@dataclass(frozen=True, slots=True)
class WindowShape:
    order: Order
    backward: bool
    after: str | None
    before: str | None


def _kind(position: Position | None) -> str | None:
    if position is None:
        return None
    return "null" if position.value is None else "value"


def order_by(row_type: type[Base], shape: WindowShape) -> list[UnaryExpression[Any]]:
    """The ORDER BY of a window, reversed for one that is read backward."""
    column, key = _ordered(row_type, shape.order)
    descending = shape.order.descending is not shape.backward
    expressions = [column.desc() if descending else column.asc()]
    if _nullable(column):  # NULLS LAST on a column that has none would only keep its index from being used
        expressions = [expressions[0].nulls_first() if shape.backward else expressions[0].nulls_last()]
    if key is not column:
        expressions.append(key.desc() if descending else key.asc())
    return expressions


def between(row_type: type[Base], shape: WindowShape) -> list[ColumnElement[bool]]:
    """The conditions that keep the rows after one position and before another."""
    found = []
    if shape.after is not None:
        found.append(_beyond(row_type, shape.order, shape.after, "after", forward=True))
    if shape.before is not None:
        found.append(_beyond(row_type, shape.order, shape.before, "before", forward=False))
    return found


def _beyond(
    row_type: type[Base], order: Order, kind: str, side: str, *, forward: bool
) -> ColumnElement[bool]:
    column, key = _ordered(row_type, order)
    greater = forward is not order.descending
    key_parameter = operand(key, f"{side}_key")
    if key is column:
        return key > key_parameter if greater else key < key_parameter
    key_beyond = key > key_parameter if greater else key < key_parameter
    if kind == "null":  # nulls are last: behind one come nulls only, before one everything else as well
        among_nulls = and_(column.is_(None), key_beyond)
        return among_nulls if forward else or_(column.is_not(None), among_nulls)
    row = tuple_(column, key)
    limit = tuple_(operand(column, f"{side}_value"), key_parameter)
    beyond: ColumnElement[bool] = row > limit if greater else row < limit
    return or_(beyond, column.is_(None)) if forward and _nullable(column) else beyond


def _ordered(row_type: type[Base], order: Order) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    columns = attributes(row_type)
    return columns[order.name], columns[key_name(row_type)]


def _nullable(column: ColumnElement[Any]) -> bool:
    return bool(getattr(column, "nullable", False))
