"""The operators, with JavaScript's meaning."""

import math
import operator
from collections.abc import Callable
from typing import Final, TypeAlias

from ecoctrl_gql.workflows.expressions.coercion import number, text
from ecoctrl_gql.workflows.expressions.limits import Meter
from ecoctrl_gql.workflows.expressions.numbers import double
from ecoctrl_gql.workflows.expressions.values import UNDEFINED, Value, kind, truthy

Unary: TypeAlias = Callable[[Meter, Value], Value]
Binary: TypeAlias = Callable[[Meter, Value, Value], Value]


def add(meter: Meter, left: Value, right: Value) -> Value:
    """The sum of numbers; everything else beside a text, a list or an object is joined as text."""
    left, right = _primitive(meter, left), _primitive(meter, right)
    if isinstance(left, str) or isinstance(right, str):
        left, right = text(meter, left), text(meter, right)
        meter.produce(len(left) + len(right))
        return left + right
    return number(meter, left) + number(meter, right)


def _divide(left: float, right: float) -> float:
    if right:
        return left / right
    if left == 0 or math.isnan(left):
        return math.nan
    return math.copysign(math.inf, left) * math.copysign(1.0, right)


def _remainder(left: float, right: float) -> float:
    """With the sign of what is divided."""
    return math.nan if right == 0 or math.isinf(left) else math.fmod(left, right)


def _primitive(meter: Meter, value: Value) -> Value:
    return text(meter, value) if isinstance(value, list | dict) else value


def _arithmetic(function: Callable[[float, float], float]) -> Binary:
    return lambda meter, left, right: function(number(meter, left), number(meter, right))


def _ordering(function: Callable[[Value, Value], bool]) -> Binary:
    """Texts are compared by their characters, all else as numbers; NaN is neither more nor less."""

    def compare(meter: Meter, left: Value, right: Value) -> bool:
        left, right = _primitive(meter, left), _primitive(meter, right)
        if isinstance(left, str) and isinstance(right, str):
            meter.spend(min(len(left), len(right)))
            return function(left, right)
        return function(number(meter, left), number(meter, right))

    return compare


def strictly_equal(meter: Meter, left: Value, right: Value) -> bool:
    """Of one kind and the same; a list or an object only equals itself."""
    if kind(left) != kind(right):
        return False
    match left:
        case list() | dict():
            return left is right
        case str():
            meter.spend(min(len(left), len(right)))
            return bool(left == right)
        case _:
            return bool(left == right) if kind(left) != "number" else double(left) == double(right)


def loosely_equal(meter: Meter, left: Value, right: Value) -> bool:
    """Null equals undefined and nothing else; of different kinds, numbers are compared."""
    if kind(left) == kind(right):
        return strictly_equal(meter, left, right)
    if left in (None, UNDEFINED) or right in (None, UNDEFINED):
        return left in (None, UNDEFINED) and right in (None, UNDEFINED)
    if isinstance(left, list | dict) and isinstance(right, list | dict):
        return False
    left, right = _primitive(meter, left), _primitive(meter, right)
    if isinstance(left, str) and isinstance(right, str):
        return strictly_equal(meter, left, right)
    return number(meter, left) == number(meter, right)


BINARY: Final[dict[str, Binary]] = {
    "+": add,
    "-": _arithmetic(operator.sub),
    "*": _arithmetic(operator.mul),
    "/": _arithmetic(_divide),
    "%": _arithmetic(_remainder),
    "<": _ordering(operator.lt),
    "<=": _ordering(operator.le),
    ">": _ordering(operator.gt),
    ">=": _ordering(operator.ge),
    "==": loosely_equal,
    "!=": lambda meter, left, right: not loosely_equal(meter, left, right),
    "===": strictly_equal,
    "!==": lambda meter, left, right: not strictly_equal(meter, left, right),
}

UNARY: Final[dict[str, Unary]] = {
    "!": lambda _, value: not truthy(value),
    "-": lambda meter, value: -number(meter, value),
    "+": number,
}
