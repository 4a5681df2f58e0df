"""The values of the language: those of JSON, and undefined."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import Enum
from types import NoneType
from typing import Any, Final, TypeAlias
from uuid import UUID

from ecoctrl_gql.workflows.expressions.errors import ExpressionError

Value: TypeAlias = Any
"""Text, number, boolean, null, list, object or undefined; only ``adopt`` lets others in."""


class Undefined(Enum):
    """The type of what is not there; false, and unlike null also in an answer's text."""

    UNDEFINED = "undefined"


UNDEFINED: Final = Undefined.UNDEFINED

KINDS: Final[dict[type, str]] = {
    str: "text",
    int: "number",
    float: "number",
    bool: "boolean",
    NoneType: "null",
    list: "list",
    dict: "object",
    Undefined: "undefined",
}


def kind(value: Value) -> str:
    return KINDS[type(value)]


def adopt(value: object) -> Value:
    """
    A value from outside as one of the language: the only way in, so that no other object is ever touched.

    Raises:
        ExpressionError: There is none for it.
    """
    if type(value) in KINDS:
        return value
    match value:
        case str():
            return value[:]  # the plain text of an enum's member
        case int():
            return int(value)
        case float() | Decimal():
            return float(value)
        case Mapping():
            return dict(value)
        case tuple():
            return list(value)
        case date():  # a datetime too
            return value.isoformat()
        case UUID():
            return str(value)
    raise ExpressionError(f"A value of type {type(value).__name__} can't be used in an expression")


def truthy(value: Value) -> bool:
    """As in JavaScript: empty lists and objects are true, NaN is false."""
    match value:
        case list() | dict():
            return True
        case Undefined():
            return False
        case float():
            return value == value and value != 0
        case _:
            return bool(value)
