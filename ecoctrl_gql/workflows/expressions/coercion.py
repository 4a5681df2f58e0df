"""
How a value becomes a text, a number or JSON.

As in JavaScript, with one difference: an object in a text is its JSON, not ``[object Object]``. A list is its
items, joined by commas.
"""

import math
from typing import Any

import orjson

from ecoctrl_gql.workflows.expressions.errors import ExpressionError
from ecoctrl_gql.workflows.expressions.limits import VALUE_COST, Meter, check_depth
from ecoctrl_gql.workflows.expressions.numbers import SAFE, double, number_of_text, text_of_number
from ecoctrl_gql.workflows.expressions.values import UNDEFINED, Undefined, Value, adopt


def text(meter: Meter, value: Value) -> str:
    return _text(meter, value, 0)


def filled_text(meter: Meter, value: Value) -> str:
    """The text where a person reads it: nothing for null and undefined."""
    return "" if value is None or value is UNDEFINED else text(meter, value)


def _text(meter: Meter, value: Value, depth: int) -> str:
    match value:
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case None:
            return "null"
        case int() | float():
            return text_of_number(value)
        case Undefined():
            return "undefined"
        case list():
            return _joined(meter, value, depth)
        case _:
            return json_text(meter, value, depth)


def _joined(meter: Meter, items: list[Any], depth: int) -> str:
    check_depth(depth)
    meter.spend(VALUE_COST * len(items))
    texts = []
    for item in map(adopt, items):
        texts.append("" if item is None or item is UNDEFINED else _text(meter, item, depth + 1))
        meter.produce(len(texts[-1]))
    return ",".join(texts)


def json_text(meter: Meter, value: Value, depth: int = 0) -> str:
    """
    The value as compact JSON.

    Raises:
        ExpressionError: It is too large or too deep, or holds half a character.
    """
    plain = to_json(meter, value, depth)
    meter.produce(_characters(plain))  # a small list can hold the same large text many times
    try:
        result = orjson.dumps(plain).decode()
    except orjson.JSONEncodeError as error:
        raise ExpressionError(f"This can't be written as JSON: {error}") from error
    meter.produce(len(result))
    return result


def _characters(plain: Any) -> int:
    match plain:
        case str():
            return len(plain)
        case list():
            return sum(map(_characters, plain))
        case dict():
            return sum(map(_characters, plain)) + sum(map(_characters, plain.values()))
        case _:
            return 0


def to_json(meter: Meter, value: object, depth: int = 0) -> Any:
    """
    A copy that JSON has a text for: no undefined, no NaN, whole numbers without a fraction.

    Raises:
        ExpressionError: It is too large or too deep.
    """
    value = adopt(value)
    match value:
        case float() | int() if not isinstance(value, bool):
            return _json_number(value)
        case Undefined():
            return None
        case list():
            check_depth(depth)
            meter.spend(VALUE_COST * len(value))
            return [to_json(meter, item, depth + 1) for item in value]
        case dict():
            check_depth(depth)
            meter.spend(VALUE_COST * len(value))
            return {
                str(key): to_json(meter, item, depth + 1)
                for key, item in value.items()
                if item is not UNDEFINED
            }
        case _:
            return value


def _json_number(number: float) -> float | None:
    if isinstance(number, int):
        return number if abs(number) < 2**63 else _json_number(double(number))
    if not math.isfinite(number):
        return None
    return int(number) if number.is_integer() and abs(number) <= SAFE else number


def number(meter: Meter, value: Value) -> float:
    """NaN for a text that is no number, 0 for null and empty text."""
    match value:
        case float():
            return value
        case int():
            return double(value)
        case None:
            return 0.0
        case Undefined():
            return math.nan
        case _:
            source = text(meter, value)
            meter.spend(len(source))
            return number_of_text(source)


def integer(meter: Meter, value: Value, default: int = 0) -> int:
    """A whole number toward zero, at most 2⁵³ either way; the default for undefined, 0 for NaN."""
    if value is UNDEFINED:
        return default
    exact = number(meter, value)
    return 0 if math.isnan(exact) else int(max(-SAFE, min(exact, SAFE)))
