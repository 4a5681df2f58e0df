"""Cursors: a place in an ordered list, as an opaque text."""

from base64 import b64decode, urlsafe_b64encode
from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import UUID

import orjson

from ecoctrl_gql.db.base import Base
from ecoctrl_gql.db.columns import Int64, column_facts
from ecoctrl_gql.db.keyset import Order, Position
from ecoctrl_gql.db.records import key_name, row_type_of
from ecoctrl_gql.errors import BadInputError


def encode_cursor(record: Base, order: Order) -> str:
    """The cursor of a record in a list of this order."""
    row_type = row_type_of(record)
    place = [_list_name(row_type, order), getattr(record, order.name), getattr(record, key_name(row_type))]
    return urlsafe_b64encode(orjson.dumps(place)).decode().rstrip("=")


def decode_cursor(text: str, row_type: type[Base], order: Order) -> Position:
    """
    The place that a cursor names.

    Raises:
        BadInputError: It is no cursor, or one of another list or order.
    """
    try:
        name, value, key = orjson.loads(
            b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        )
        known = name == _list_name(row_type, order)
        position = _position(row_type, order, value, key) if known else None
    except (ValueError, TypeError):
        raise BadInputError("This is no cursor of this API.") from None
    if position is None:
        raise BadInputError("This cursor is of another list or another order; begin again without it.")
    return position


def _list_name(row_type: type[Base], order: Order) -> str:
    return f"{row_type.__tablename__} {order.name} {'desc' if order.descending else 'asc'}"


def _position(row_type: type[Base], order: Order, value: Any, key: Any) -> Position:
    return Position(_value(row_type, order.name, value), _value(row_type, key_name(row_type), key))


def _value(row_type: type[Base], name: str, value: Any) -> Any:
    facts = column_facts(row_type, name)
    if value is None and facts.nullable:
        return None
    if not isinstance(value, _NUMBERS.get(facts.kind, str)) or isinstance(value, bool):
        raise TypeError("no value of this column")
    return _READ[facts.kind](value) if facts.kind in _READ else value


_READ: dict[type[Any], Callable[[str], Any]] = {
    datetime: datetime.fromisoformat,
    date: date.fromisoformat,
    UUID: lambda value: str(UUID(value)),
}
_NUMBERS: dict[type[Any], Any] = {int: int, Int64: int, float: int | float}
