"""Filters: one input a type, with one operator input a kind of value, and ``and``, ``or``, ``not``."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

import strawberry
from strawberry import ID, UNSET
from strawberry.utils.str_converters import to_camel_case

from ecoctrl_gql.api.node import parse_id, row_of_type
from ecoctrl_gql.api.scalars import BigInt
from ecoctrl_gql.db.base import Base
from ecoctrl_gql.db.columns import ColumnFacts, Int64, column_facts
from ecoctrl_gql.db.conditions import EVERYTHING, All, AnyOf, Compare, Condition, Not, Operator
from ecoctrl_gql.db.records import key_name
from ecoctrl_gql.errors import BadInputError

MAX_DEPTH = 8
MAX_PARTS = 100
MAX_VALUES = 1000

DESCRIPTIONS = {
    Operator.EQ: "Is this value.",
    Operator.NE: "Is not this value; also true where there is none.",
    Operator.IN: "Is one of these values.",
    Operator.NOT_IN: "Is none of these values; also true where there is none.",
    Operator.LT: "Is less than this value.",
    Operator.LTE: "Is this value or less.",
    Operator.GT: "Is more than this value.",
    Operator.GTE: "Is this value or more.",
    Operator.CONTAINS: "Has this text in it, whatever its case.",
    Operator.STARTS_WITH: "Begins with this text, whatever its case.",
    Operator.IS_NULL: "Whether there is no value.",
}

EQUALITY = (Operator.EQ, Operator.NE, Operator.IN, Operator.NOT_IN, Operator.IS_NULL)
RANGE = (*EQUALITY, Operator.LT, Operator.LTE, Operator.GT, Operator.GTE)
TEXT = (*EQUALITY, Operator.CONTAINS, Operator.STARTS_WITH)

_BY_KIND: dict[type[object], tuple[str, Any, tuple[Operator, ...]]] = {
    str: ("StringFilter", str, TEXT),
    int: ("IntFilter", int, RANGE),
    Int64: ("BigIntFilter", BigInt, RANGE),
    float: ("FloatFilter", float, RANGE),
    bool: ("BooleanFilter", bool, (Operator.EQ, Operator.NE, Operator.IS_NULL)),
    datetime: ("DateTimeFilter", datetime, RANGE),
    date: ("DateFilter", date, RANGE),
    UUID: ("IDFilter", ID, EQUALITY),
}


def filter_input(node: type[Any], names: tuple[str, ...]) -> type[Any]:
    """The filter of a type of a table by these of its columns; keys and foreign keys go by global id."""
    row_type, name = row_of_type(node), f"{node.__strawberry_definition__.name}Filter"
    made = type(name, (), {"__annotations__": {}, "row_type": row_type, "columns": names})
    for column in names:
        facts = column_facts(row_type, column)
        meaning = "Its id." if column == key_name(row_type) else facts.description
        _add(made, column, _operators(facts), meaning)
    _add(made, "and_", list[made], "All of these are true as well.", name="and")  # type: ignore[valid-type]
    _add(made, "or_", list[made], "At least one of these is true as well.", name="or")  # type: ignore[valid-type]
    _add(made, "not_", made, "This is not true.", name="not")
    return strawberry.input(made, name=name, description="Which to give: those for which every part is true.")


def _operators(facts: ColumnFacts) -> type[Any]:
    """The operator input for the values of a column."""
    return _operator_input(UUID if facts.refers_to else facts.kind)


_operator_inputs: dict[str, type[Any]] = {}


def _operator_input(kind: type[Any]) -> type[Any]:
    name, annotation, operators = _BY_KIND.get(kind) or (f"{kind.__name__}Filter", kind, EQUALITY)
    if name in _operator_inputs:
        return _operator_inputs[name]
    made = type(name, (), {"__annotations__": {}, "operators": operators})
    for operator in operators:
        argument: Any = bool if operator is Operator.IS_NULL else annotation
        if operator in (Operator.IN, Operator.NOT_IN):
            argument = list[argument]
        _add(made, f"{operator.value}_", argument, DESCRIPTIONS[operator], name=to_camel_case(operator.value))
    meaning = "What a value must be; every part given must be true."
    _operator_inputs[name] = strawberry.input(made, name=name, description=meaning)
    return _operator_inputs[name]


def _add(made: type[Any], attribute: str, annotation: Any, description: str, name: str | None = None) -> None:
    made.__annotations__[attribute] = annotation | None
    setattr(made, attribute, strawberry.field(default=UNSET, description=description, name=name))


def condition_of(given: Any) -> Condition:
    """
    What a filter means.

    Raises:
        BadInputError: It is nested too deeply, has too many parts, compares with null, or holds an id of
            another type.
    """
    return EVERYTHING if given is None or given is UNSET else _Reading().condition(given, MAX_DEPTH)


@dataclass(slots=True)
class _Reading:
    """The translation of one filter, which counts the comparisons and filters that it has met."""

    parts: int = field(default=0)

    def condition(self, given: Any, depth: int) -> Condition:
        if depth == 0:
            raise BadInputError(f"A filter can be nested {MAX_DEPTH} deep.")
        self._count(1)
        parts: list[Condition] = [
            comparison
            for column in given.columns
            if (operators := getattr(given, column)) not in (None, UNSET)
            for comparison in self._comparisons(given.row_type, column, operators)
        ]
        parts += [self.condition(part, depth - 1) for part in given.and_ or ()]
        if given.or_ not in (None, UNSET):
            parts.append(AnyOf(tuple(self.condition(part, depth - 1) for part in given.or_)))
        if given.not_ not in (None, UNSET):
            parts.append(Not(self.condition(given.not_, depth - 1)))
        return parts[0] if len(parts) == 1 else All(tuple(parts))

    def _comparisons(self, row_type: type[Base], column: str, operators: Any) -> list[Compare]:
        facts = column_facts(row_type, column)
        found = []
        for operator in operators.operators:
            value = getattr(operators, f"{operator.value}_")
            if value is UNSET:
                continue
            if value is None:
                raise BadInputError(f"The filter of {to_camel_case(column)} compares with null; use isNull.")
            found.append(Compare(column, operator, _stored(facts, operator, value)))
        self._count(len(found))
        return found

    def _count(self, parts: int) -> None:
        self.parts += parts
        if self.parts > MAX_PARTS:
            raise BadInputError(f"A filter can have {MAX_PARTS} parts: comparisons, and filters within it.")


def _stored(facts: ColumnFacts, operator: Operator, value: Any) -> Any:
    """The value as the column holds it, a key for a global id; hashable, for loaders are known by it."""
    if isinstance(value, list):
        if len(value) > MAX_VALUES:
            raise BadInputError(f"A filter can name {MAX_VALUES} values.")
        if None in value:
            raise BadInputError("A filter's list of values holds null; use isNull.")
        return tuple(_stored(facts, operator, item) for item in value)
    if facts.refers_to is not None and operator is not Operator.IS_NULL:
        return parse_id(facts.refers_to, value)
    return value
