"""Rows that were stored as JSON by ``to_jsonb``, as records."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Date, DateTime

from ecoctrl_gql.db.base import Base
from ecoctrl_gql.db.records import RowT, attributes, record_maker

Read = Callable[[Any], Any]


def record_of_json(row_type: type[RowT], data: Mapping[str, Any]) -> RowT:
    """The record of a whole row; null where the row was stored before the table had the column."""
    names, readers = _readers(row_type)
    record: RowT = record_maker(row_type, names)([read(data.get(column)) for column, read in readers])
    return record


@cache
def _readers(row_type: type[Base]) -> tuple[tuple[str, ...], list[tuple[str, Read]]]:
    columns = attributes(row_type)
    return tuple(columns), [(column.name, _reader(column.type)) for column in columns.values()]


def _reader(kind: Any) -> Read:
    if isinstance(kind, DateTime):
        return _instant
    return _day if isinstance(kind, Date) else _as_it_is


def _as_it_is(value: Any) -> Any:
    return value


# PostgreSQL knows times that Python does not, such as infinity; null is better than no event.
def _instant(text: str | None) -> datetime | None:
    try:
        return None if text is None else datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _day(text: str | None) -> date | None:
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        return None
