"""
Conditions on the rows of a table, as a tree of comparisons, and their translation to SQL.

A condition is split into its *shape* (what is compared, and how) and its values. Statements are built and
compiled once a shape, with a parameter for each value, and then only executed.
"""

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import count
from typing import Any

from sqlalchemy import ColumnElement, and_, any_, false, or_, true

from ecoctrl_gql.db.base import Base
from ecoctrl_gql.db.operands import operand, operands
from ecoctrl_gql.db.records import attributes


class Operator(StrEnum):
    EQ = "eq"
    NE = "ne"
    IN = "in"
    NOT_IN = "not_in"
    LT = "lt"
    LTE = "lte"
    GT = "gt"
    GTE = "gte"
    CONTAINS = "contains"
    STARTS_WITH = "starts_with"
    IS_NULL = "is_null"


@dataclass(frozen=True, slots=True)
class Compare:
    """A comparison of one column with a value: a tuple of values for ``IN`` and ``NOT_IN``."""

    name: str
    operator: Operator
    value: Any

    @property
    def shape(self) -> Hashable:
        # `IS NULL` and its opposite are different statements, not one with a parameter
        return (
            "compare",
            self.name,
            self.operator,
            self.value if self.operator is Operator.IS_NULL else None,
        )

    def values(self) -> Iterator[Any]:
        match self.operator:
            case Operator.IS_NULL:
                return
            case Operator.CONTAINS:
                yield f"%{escape_like(self.value)}%"
            case Operator.STARTS_WITH:
                yield f"{escape_like(self.value)}%"
            case Operator.IN | Operator.NOT_IN:
                yield list(self.value)
            case _:
                yield self.value


@dataclass(frozen=True, slots=True)
class All:
    """True where every part is true; true without parts."""

    parts: tuple["Condition", ...]

    @property
    def shape(self) -> Hashable:
        return ("all", *(part.shape for part in self.parts))

    def values(self) -> Iterator[Any]:
        for part in self.parts:
            yield from part.values()


@dataclass(frozen=True, slots=True)
class AnyOf:
    """True where at least one part is true; false without parts."""

    parts: tuple["Condition", ...]

    @property
    def shape(self) -> Hashable:
        return ("any", *(part.shape for part in self.parts))

    def values(self) -> Iterator[Any]:
        for part in self.parts:
            yield from part.values()


@dataclass(frozen=True, slots=True)
class Not:
    """True where the part is not true, so also where it compares with null."""

    part: "Condition"

    @property
    def shape(self) -> Hashable:
        return ("not", self.part.shape)

    def values(self) -> Iterator[Any]:
        return self.part.values()


Condition = Compare | All | AnyOf | Not

EVERYTHING = All(())


def parameters(condition: Condition) -> dict[str, Any]:
    """The values of a condition by the names that `clause` gives them."""
    return {f"p{index}": value for index, value in enumerate(condition.values())}


def clause(row_type: type[Base], shape: Hashable) -> ColumnElement[bool]:
    """The SQL of a condition's shape, with parameters ``p0``, ``p1``, … for its values."""
    return _clause(attributes(row_type), shape, (f"p{index}" for index in count()))


def _clause(columns: dict[str, ColumnElement[Any]], shape: Any, names: Iterator[str]) -> ColumnElement[bool]:
    kind, *parts = shape
    match kind:
        case "compare":
            name, operator, constant = parts
            return _comparison(columns[name], operator, constant, names)
        case "all":
            return and_(true(), *(_clause(columns, part, names) for part in parts))
        case "any":
            return or_(false(), *(_clause(columns, part, names) for part in parts))
        case _:
            return _clause(columns, parts[0], names).is_not(true())


def _comparison(
    column: ColumnElement[Any], operator: Operator, constant: Any, names: Iterator[str]
) -> ColumnElement[bool]:
    if operator is Operator.IS_NULL:
        return column.is_(None) if constant else column.is_not(None)
    name = next(names)
    if operator in (Operator.IN, Operator.NOT_IN):
        among = column == any_(operands(column, name))
        return among if operator is Operator.IN else among.is_not(true())
    parameter = operand(column, name)
    match operator:
        case Operator.EQ:
            return column == parameter
        case Operator.NE:
            return column.is_distinct_from(parameter)
        case Operator.LT:
            return column < parameter
        case Operator.LTE:
            return column <= parameter
        case Operator.GT:
            return column > parameter
        case Operator.GTE:
            return column >= parameter
        case _:
            return column.ilike(parameter, escape="\\")


def escape_like(text: str) -> str:
    """The text as a LIKE pattern that matches itself alone."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
