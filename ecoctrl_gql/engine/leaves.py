"""
Whole columns of scalars and enums at once.

A coercion is chosen by the Python type that all values of the column have in fact, never by what the
schema declares; any other column goes value by value through the type's own ``coerce_output_value``.
"""

import datetime as dt
from collections.abc import Callable, Hashable, Mapping
from enum import Enum
from functools import lru_cache
from math import isfinite
from operator import attrgetter
from typing import Any, TypeAlias, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson
from graphql import (
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLFloat,
    GraphQLID,
    GraphQLInt,
    GraphQLLeafType,
    GraphQLString,
)
from strawberry.schema.types.base_scalars import isoformat

Column: TypeAlias = list[Any]
BulkCoercion: TypeAlias = Callable[[Column], Column]
Serialize = TypeVar("Serialize", bound=Callable[..., Any])

_registered: dict[Callable[..., Any], dict[type, BulkCoercion]] = {}


def bulk_coercion(coercions: Mapping[type, BulkCoercion]) -> Callable[[Serialize], Serialize]:
    """
    Attach bulk coercions to a scalar's ``serialize`` function.

    ``bulk_coercion({datetime: iso_datetimes})(serialize)``, or the same as a decorator. A bulk coercion
    is given values of exactly the type it stands for and returns what ``serialize`` would for each;
    it may raise, then ``serialize`` gets the values one by one.
    """

    def register(serialize: Serialize) -> Serialize:
        _registered.setdefault(serialize, {}).update(coercions)
        return serialize

    return register


def bulk_coercions(type_: GraphQLLeafType) -> Mapping[type, BulkCoercion]:
    """The bulk coercions of a type, by the Python type of the values."""
    if isinstance(type_, GraphQLEnumType):
        return _enum_names(type_)
    serialize = type_.coerce_output_value
    return _registered.get(serialize, {}) if isinstance(serialize, Hashable) else {}


def unchanged(column: Column) -> Column:
    return column


def json_strings(column: Column) -> Column:
    """The text by which JSON stands for each value: for dates and UUIDs the same as their ``str``."""
    return orjson.dumps(column).decode()[2:-2].split('","') if column else []


def iso_datetimes(column: list[dt.datetime]) -> list[str]:
    """``datetime.isoformat`` of each."""
    if all(map(_has_whole_minutes, set(map(_zone, column)))):
        return json_strings(column)
    return list(map(dt.datetime.isoformat, column))


_zone = attrgetter("tzinfo")


@lru_cache(maxsize=64)
def _has_whole_minutes(zone: dt.tzinfo | None) -> bool:
    """Whether the zone's offset never has seconds, which JSON's form of a time has no place for."""
    if type(zone) is dt.timezone:
        return zone.utcoffset(None) % dt.timedelta(minutes=1) == dt.timedelta(0)
    return zone is None or (type(zone) is ZoneInfo and zone.key == "UTC")


def _enum_names(type_: GraphQLEnumType) -> dict[type, BulkCoercion]:
    """Look names up by member and, for enums of strings, by the plain value."""
    names: dict[Any, str] = {}
    kinds: set[type] = set()
    for value in [*(value.value for value in type_.values.values()), *getattr(type_, "wrapped_cls", ())]:
        if type(value) is str or isinstance(value, Enum):
            names[value] = type_.coerce_output_value(value)
            kinds.add(type(value))
    name = names.__getitem__
    return dict.fromkeys(kinds, lambda column: list(map(name, column)))


def _int32(column: list[int]) -> list[int]:
    if min(column) < -2147483648 or max(column) > 2147483647:
        raise OverflowError
    return column


def _finite(column: list[float]) -> list[float]:
    if not isfinite(sum(column)) and not all(map(isfinite, column)):
        raise OverflowError
    return column


def _texts(column: Column) -> list[str]:
    return list(map(str, column))


def _floats(column: list[int]) -> list[float]:
    floats = list(map(float, column))
    if floats != column:
        raise OverflowError  # some are too large to be exact
    return floats


bulk_coercion({str: unchanged})(GraphQLString.coerce_output_value)
bulk_coercion({str: unchanged, int: _texts, UUID: json_strings})(GraphQLID.coerce_output_value)
bulk_coercion({bool: unchanged})(GraphQLBoolean.coerce_output_value)
bulk_coercion({int: _int32})(GraphQLInt.coerce_output_value)
bulk_coercion({float: _finite, int: _floats})(GraphQLFloat.coerce_output_value)
bulk_coercion({dt.datetime: iso_datetimes, dt.date: json_strings})(isoformat)
bulk_coercion({UUID: json_strings})(str)
