"""Conditions evaluated on records in memory, as `conditions` has the database evaluate them on rows."""

import operator
import struct
from collections.abc import Callable
from typing import Any

from sqlalchemy import REAL

from ecoctrl_gql.db.base import Base
from ecoctrl_gql.db.conditions import All, AnyOf, Compare, Condition, Not, Operator
from ecoctrl_gql.db.records import attributes

Predicate = Callable[[Any], bool]
"""Whether a record meets a condition."""


def predicate(row_type: type[Base], condition: Condition) -> Predicate:
    """The condition as a function; null meets no comparison but those that say so."""
    match condition:
        case Compare():
            return _comparison(row_type, condition)
        case All(parts):
            every = [predicate(row_type, part) for part in parts]
            return lambda record: all(test(record) for test in every)
        case AnyOf(parts):
            some = [predicate(row_type, part) for part in parts]
            return lambda record: any(test(record) for test in some)
        case Not(part):
            test = predicate(row_type, part)
            return lambda record: not test(record)


def _comparison(row_type: type[Base], compare: Compare) -> Predicate:
    read, test = operator.attrgetter(compare.name), _TESTS[compare.operator]
    # 0.1 in the four bytes of a real is not 0.1 in the eight of a float
    narrow = _as_real if isinstance(attributes(row_type)[compare.name].type, REAL) else _as_it_is
    wanted = compare.value
    if compare.operator is not Operator.IS_NULL:
        wanted = tuple(map(narrow, wanted)) if isinstance(wanted, tuple) else narrow(wanted)
    return lambda record: test(narrow(read(record)), wanted)


def _as_it_is(value: Any) -> Any:
    return value


def _as_real(value: Any) -> Any:
    return value if value is None else struct.unpack("f", struct.pack("f", value))[0]


def _of_value(test: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    return lambda value, wanted: value is not None and test(value, wanted)


_TESTS: dict[Operator, Callable[[Any, Any], bool]] = {
    Operator.EQ: _of_value(operator.eq),
    Operator.NE: operator.ne,
    Operator.IN: lambda value, wanted: value in wanted,
    Operator.NOT_IN: lambda value, wanted: value not in wanted,
    Operator.LT: _of_value(operator.lt),
    Operator.LTE: _of_value(operator.le),
    Operator.GT: _of_value(operator.gt),
    Operator.GTE: _of_value(operator.ge),
    Operator.CONTAINS: _of_value(lambda value, wanted: wanted.lower() in value.lower()),
    Operator.STARTS_WITH: _of_value(lambda value, wanted: value.lower().startswith(wanted.lower())),
    Operator.IS_NULL: lambda value, wanted: (value is None) == wanted,
}
