"""The parameters that columns are compared with."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Float, String, bindparam, cast
from sqlalchemy.dialects.postgresql import ARRAY


def operand(column: ColumnElement[Any], name: str) -> ColumnElement[Any]:
    """A parameter for one value."""
    parameter = bindparam(name, type_=column.type)
    # 0.1 in the four bytes of a real is not 0.1 in the eight that the driver sends
    return cast(parameter, column.type) if isinstance(column.type, Float) else parameter


def operands(column: ColumnElement[Any], name: str) -> ColumnElement[Any]:
    """A parameter for a list of values."""
    # the array of a type with a length would cut longer texts off, and so take them for others
    item = String() if isinstance(column.type, String) else column.type
    return bindparam(name, type_=ARRAY(item))


def array_of(values: Sequence[Any]) -> Any:
    """
    What is given for the parameter of a list, which its statement casts.

    The literal of whole numbers or texts, for the driver would find out the type of each of them at each
    call; what needs quoting in it, and all other types, are the driver's.
    """
    kinds = set(map(type, values))
    if kinds == {int}:
        return "{" + ",".join(map(str, values)) + "}"
    if kinds == {str}:
        texts = '","'.join(values)
        if "\\" not in texts and texts.count('"') == 2 * len(values) - 2:
            return f'{{"{texts}"}}'
    return values
