"""JSON values of workflows, as the columns of tables take them."""

import math
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

import orjson
from psycopg.types.json import Jsonb

from ecoctrl_gql.db.base import Base
from ecoctrl_gql.db.columns import Int64, Json, column_facts
from ecoctrl_gql.db.records import attributes
from ecoctrl_gql.errors import BadInputError


def column_value(row_type: type[Base], attribute: str, value: Any) -> Any:
    """
    A JSON value as its column takes it.

    Raises:
        BadInputError: It does not fit; the message says what the column needs.
    """
    reader = _READERS.get(column_facts(row_type, attribute).kind, _TEXT)
    try:
        return reader.read(value)
    except (KeyError, TypeError, ValueError, OverflowError):
        column = attributes(row_type)[attribute].name
        raise BadInputError(f"The column {column} needs {reader.needs}, not {ascii(value)[:60]}.") from None


def json_value(value: Any) -> Any:
    """A value of a column as JSON has it."""
    return value.isoformat() if isinstance(value, datetime | date) else value


class _Reader(NamedTuple):
    needs: str
    read: Callable[[Any], Any]


def _json(value: Any) -> Jsonb:
    orjson.dumps(value)  # what it refuses, such as half a character, would fail while the statement is sent
    return Jsonb(value)


def _flag(value: Any) -> bool:
    return {"true": True, "false": False}[str(value).lower()]


def _real(value: Any) -> float:
    number = float(value)
    if isinstance(value, bool) or not math.isfinite(number):
        raise ValueError(value)
    return number


def _whole(value: Any) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    number = _real(value)
    if not number.is_integer():
        raise ValueError(value)
    return int(number)


def _instant(value: Any) -> datetime:
    instant = datetime.fromisoformat(str(value))
    if instant.tzinfo is None:
        raise ValueError(value)
    return instant


def _text(value: Any) -> str:
    if isinstance(value, dict | list):
        raise TypeError(value)
    text = value if isinstance(value, str) else orjson.dumps(value).decode()
    text.encode()  # half a character would fail while the statement is sent
    return text


_TEXT: Final = _Reader("text", _text)

_READERS: Final[Mapping[Any, _Reader]] = {
    Json: _Reader("JSON", _json),
    bool: _Reader("true or false", _flag),
    int: _Reader("a whole number", _whole),
    Int64: _Reader("a whole number", _whole),
    float: _Reader("a number", _real),
    datetime: _Reader("a time with an offset, such as 2026-11-28T07:00:00Z", _instant),
    date: _Reader("a day, such as 2026-11-28", lambda value: date.fromisoformat(str(value))),
    UUID: _Reader("a uuid", lambda value: str(UUID(str(value)))),
}
