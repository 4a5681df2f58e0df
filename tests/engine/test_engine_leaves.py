"""Bulk coercions give what the item by item coercion gives."""

import datetime as dt
import uuid
from enum import StrEnum
from typing import Any, NewType
from zoneinfo import ZoneInfo

import pytest
import strawberry
from engine_support import Pair
from graphql import GraphQLEnumType, GraphQLFloat, GraphQLID, GraphQLInt
from hypothesis import given
from hypothesis import strategies as st
from strawberry.schema.config import StrawberryConfig

from ecoctrl_gql.engine import bulk_coercion, iso_datetimes, json_strings
from ecoctrl_gql.engine.leaves import bulk_coercions

OFFSETS = st.integers(-86399, 86399).map(lambda seconds: dt.timezone(dt.timedelta(seconds=seconds)))
MINUTES = st.integers(-1439, 1439).map(lambda minutes: dt.timezone(dt.timedelta(minutes=minutes)))
NAMED = st.sampled_from([ZoneInfo("UTC"), ZoneInfo("Asia/Shanghai"), ZoneInfo("Africa/Monrovia")])
ZONES = st.one_of(st.none(), st.just(dt.UTC), MINUTES, OFFSETS, NAMED)


@given(st.lists(st.datetimes(timezones=ZONES)))
def test_iso_datetimes(column: list[dt.datetime]) -> None:
    assert iso_datetimes(column) == [value.isoformat() for value in column]


@given(st.lists(st.dates()))
def test_json_strings_of_dates(column: list[dt.date]) -> None:
    assert json_strings(column) == [value.isoformat() for value in column]


@given(st.lists(st.uuids()))
def test_json_strings_of_uuids(column: list[uuid.UUID]) -> None:
    assert json_strings(column) == [str(value) for value in column]


@given(st.sampled_from([GraphQLInt, GraphQLFloat, GraphQLID]), st.lists(st.integers(), min_size=1))
def test_numbers(type_: Any, column: list[int]) -> None:
    def one_by_one() -> list[Any] | None:
        try:
            return [type_.coerce_output_value(value) for value in column]
        except Exception:
            return None

    def in_bulk() -> list[Any] | None:
        try:
            return bulk_coercions(type_)[int](column)
        except Exception:
            return None

    assert in_bulk() == one_by_one()


def test_a_plain_enum_of_graphql_core() -> None:
    level = GraphQLEnumType("Level", {"HIGH": "high", "ONE": 1, "LIST": [1]})

    assert set(bulk_coercions(level)) == {str}
    assert bulk_coercions(level)[str](["high", "high"]) == ["HIGH", "HIGH"]


@strawberry.enum
class Level(StrEnum):
    HIGH = "high"
    LOW = "low"


calls: list[str] = []
Stamp = NewType("Stamp", dt.datetime)


@bulk_coercion({dt.datetime: lambda column: calls.append("bulk") or iso_datetimes(column)})
def serialize_stamp(value: Any) -> str:
    calls.append("one")
    if not isinstance(value, dt.datetime):
        raise TypeError(f"{value!r} is no time")
    return value.isoformat()


@strawberry.type
class Query:
    @strawberry.field
    def stamps(self, odd: bool = False) -> list[Stamp | None]:
        time = Stamp(dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=dt.UTC))
        return [time, None, "no time" if odd else time]

    @strawberry.field
    def short(self) -> list[Stamp]:
        return [Stamp(dt.datetime(2026, 1, 2))] * 3  # noqa: DTZ001 - naive on purpose

    @strawberry.field
    def levels(self) -> list[Level | None]:
        return ["high", None, "low"]

    @strawberry.field
    def members(self) -> list[Level]:
        return [Level.HIGH, Level.LOW]

    @strawberry.field
    def unknown(self) -> list[Level | None]:
        return ["high", "medium"]


STAMP = strawberry.scalar(name="DateTime", serialize=serialize_stamp, parse_value=dt.datetime.fromisoformat)
PAIR = Pair(query=Query, config=StrawberryConfig(scalar_map={Stamp: STAMP}))


@pytest.mark.parametrize(
    ("query", "used"),
    [("{ stamps }", ["bulk"]), ("{ stamps(odd: true) }", ["one", "one"]), ("{ short }", ["bulk"])],
)
async def test_a_scalar_of_the_schemas_author(query: str, used: list[str]) -> None:
    result = await PAIR.stock.execute(query)
    calls.clear()
    engine = await PAIR.columnar.execute(query)

    assert engine.data == result.data
    assert calls == used


async def test_a_bulk_coercion_of_the_wrong_length_is_not_believed() -> None:
    coerce = bulk_coercions(PAIR.columnar._schema.type_map["DateTime"])
    original = coerce[dt.datetime]
    bulk_coercion({dt.datetime: lambda column: original(column)[1:]})(serialize_stamp)
    try:
        stock, engine = await PAIR.run("{ short }")
    finally:
        bulk_coercion({dt.datetime: original})(serialize_stamp)

    assert engine == stock


@pytest.mark.parametrize("query", ["{ levels }", "{ members }", "{ unknown }"])
async def test_enums_by_member_and_by_plain_value(query: str) -> None:
    stock, engine = await PAIR.run(query)

    assert engine == stock
    assert "HIGH" in next(iter(engine.data.values()))
