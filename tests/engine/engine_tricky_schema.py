"""Types whose resolvers do everything that is unusual."""

import asyncio
import datetime as dt
import re
import uuid
from collections.abc import AsyncIterator, Iterator
from decimal import Decimal
from enum import Enum, StrEnum
from typing import Annotated, Any

import strawberry
from strawberry import UNSET, Info, Parent

EAST = dt.timezone(dt.timedelta(hours=8))
ODD = dt.timezone(dt.timedelta(hours=1, minutes=2, seconds=3))
NOON = dt.datetime(2026, 3, 29, 12, 0, 0, 250, tzinfo=dt.UTC)


class Slotted:
    """A record of which some slots may be unset."""

    __slots__ = ("amount", "at", "day", "extra", "flag", "id", "key", "level", "name", "size", "status")

    def __init__(self, **values: Any) -> None:
        for name, value in values.items():
            setattr(self, name, value)


@strawberry.enum
class Level(StrEnum):
    HIGH = "high"
    LOW = "low"


@strawberry.enum
class Status(Enum):
    OPEN = 1
    DONE = 2


def rows(count: int = 4) -> list[Slotted]:
    return [
        Slotted(
            id=f"r{index}",
            name=None if index == 2 else f"row {index}",
            size=index,
            amount=index / 4,
            flag=bool(index % 2),
            at=NOON + dt.timedelta(minutes=index),
            day=dt.date(2026, 1, 1 + index),
            key=uuid.UUID(int=index),
            level=("high", "low")[index % 2],
            status=Status.OPEN,
        )
        for index in range(count)
    ]


def description(info: Info) -> str:
    """Everything that can be asked of ``info``."""
    text = repr(
        (
            info.field_name,
            info.python_name,
            info.path.as_list(),
            info.path.typename,
            info.variable_values,
            info.selected_fields,
            info.query,
            info.operation.name and info.operation.name.value,
            info.schema is not None,
            info.root_value,
            info.input_extensions,
            str(info._raw_info.return_type),
            str(info._raw_info.parent_type),
            sorted(info._raw_info.fragments),
            info.get_argument_definition("unused"),
        )
    )
    return re.sub(r" at 0x\w+", "", text)


@strawberry.type
class Row:
    id: strawberry.ID
    name: str | None
    size: int
    amount: float
    flag: bool
    at: dt.datetime
    day: dt.date
    key: uuid.UUID
    level: Level
    status: Status
    extra: str | None

    @strawberry.field
    def shout(row: Parent[Slotted], suffix: str = "!") -> str:
        return f"{row.id}{suffix}"

    @strawberry.field
    async def later(row: Parent[Slotted], info: Info) -> str:
        await asyncio.sleep(0)
        info.context["log"].append(f"later {row.id}")
        return f"later {row.id}"

    @strawberry.field
    def about(row: Parent[Slotted], info: Info, unused: int = 0) -> str:
        return description(info)

    @strawberry.field
    def path(row: Parent[Slotted], info: Info) -> list[str]:
        return [str(key) for key in info.path.as_list()]

    @strawberry.field
    def fails_in_odd(row: Parent[Slotted]) -> str | None:
        if row.size % 2:
            raise ValueError(f"odd {row.id}")
        return row.id

    @strawberry.field
    async def fails_later(row: Parent[Slotted]) -> str:
        await asyncio.sleep(0)
        if row.size == 1:
            raise ValueError(f"no {row.id}")
        return row.id

    @strawberry.field
    def required(row: Parent[Slotted]) -> str:
        return None if row.size == 3 else row.id

    @strawberry.field(graphql_type=list["Row"])
    def children(row: Parent[Slotted], count: int = 2) -> list[Slotted]:
        return rows(count)

    @strawberry.field(graphql_type=list["Row"])
    async def children_later(row: Parent[Slotted], count: int = 2) -> list[Slotted]:
        await asyncio.sleep(0)
        return rows(count)

    @strawberry.field(graphql_type="Row | None")
    def maybe(row: Parent[Slotted]) -> Slotted | None:
        return None if row.size % 2 else row


@strawberry.interface
class Named:
    name: str

    @strawberry.field
    def greeting(self) -> str:
        return f"I am {self.name}"


@strawberry.type
class Cat(Named):
    lives: int = 9


@strawberry.type
class Dog(Named):
    good: bool = True


@strawberry.type
class Stone:
    weight: float


Thing = Annotated[Cat | Dog | Stone, strawberry.union("Thing")]


@strawberry.input
class Range:
    low: int = 0
    high: int | None = UNSET
    tags: list[str] = strawberry.field(default_factory=list)


class RefusedError(Exception):
    pass


@strawberry.type
class Leaves:
    """Each field gives a value that its type takes, or not, only after a closer look."""

    @strawberry.field
    def ints(self) -> list[int | None]:
        return [1, True, 2.0, "3", 2**31, -(2**31), 2**31 - 1, None, 1.5, "x", Decimal(4), float("nan")]

    @strawberry.field
    def floats(self) -> list[float | None]:
        return [1.5, 1, True, "2.5", float("inf"), float("nan"), 2**53 + 1, 10**400, None, Decimal("0.1")]

    @strawberry.field
    def whole_floats(self) -> list[float]:
        return [1, 2, 3]

    @strawberry.field
    def too_large_floats(self) -> list[float | None]:
        return [1, 2**53 + 1]

    @strawberry.field
    def strings(self) -> list[str | None]:
        return ["a", 1, True, 1.5, None, Level.HIGH, b"x", [], RefusedError("boom")]

    @strawberry.field
    def flags(self) -> list[bool | None]:
        return [True, 1, 0.0, "yes", None, float("nan")]

    @strawberry.field
    def ids(self) -> list[strawberry.ID | None]:
        return ["a", 1, 1.0, True, uuid.UUID(int=7), None, 1.5]

    @strawberry.field
    def number_ids(self) -> list[strawberry.ID]:
        return [1, 2**40, -3]

    @strawberry.field
    def uuid_ids(self) -> list[strawberry.ID]:
        return [uuid.UUID(int=index) for index in range(3)]

    @strawberry.field
    def levels(self) -> list[Level | None]:
        return [Level.HIGH, "low", "unknown", None, 3]

    @strawberry.field
    def plain_levels(self) -> list[Level | None]:
        return ["high", "low", None, "high"]

    @strawberry.field
    def unknown_levels(self) -> list[Level | None]:
        return ["high", "medium"]

    @strawberry.field
    def statuses(self) -> list[Status | None]:
        return [Status.DONE, 1, None, "1", True]

    @strawberry.field
    def times(self) -> list[dt.datetime | None]:
        return [NOON, None, NOON.replace(tzinfo=None), NOON.astimezone(EAST), NOON.astimezone(ODD), "no"]

    @strawberry.field
    def odd_times(self) -> list[dt.datetime]:
        return [NOON.astimezone(ODD), NOON]

    @strawberry.field
    def days(self) -> list[dt.date | None]:
        return [dt.date(1, 1, 1), None, dt.date(9999, 12, 31), NOON]

    @strawberry.field
    def uuids(self) -> list[uuid.UUID | None]:
        return [uuid.UUID(int=1), None, "text"]

    @strawberry.field
    def amounts(self) -> list[Decimal]:
        return [Decimal("1.10"), Decimal(2)]

    @strawberry.field
    def clock(self) -> dt.time:
        return dt.time(1, 2, 3)


@strawberry.type
class Lists:
    @strawberry.field
    def generated(self) -> list[int]:
        return (index for index in range(3))

    @strawberry.field
    def broken_generator(self) -> list[int] | None:
        def numbers() -> Iterator[int]:
            yield 1
            raise ValueError("generator broke")

        return numbers()

    @strawberry.field
    async def streamed(self) -> list[int]:
        async def numbers() -> AsyncIterator[int]:
            for number in range(3):
                async with asyncio.timeout(5):
                    await asyncio.sleep(0)
                yield number

        return numbers()

    @strawberry.field
    async def broken_stream(self) -> list[int] | None:
        async def numbers() -> AsyncIterator[int]:
            yield 1
            raise ValueError("stream broke")

        return numbers()

    @strawberry.field
    def nested(self) -> list[list[int | None] | None]:
        return [[1, None], None, [], (2, 3), {4}]

    @strawberry.field
    def nested_required(self) -> list[list[int] | None]:
        return [[1], [2, None], [3]]

    @strawberry.field
    def no_list(self) -> list[int] | None:
        return 5

    @strawberry.field
    def text_is_no_list(self) -> list[str] | None:
        return "abc"

    @strawberry.field
    def mapping_is_no_list(self) -> list[str] | None:
        return {"a": 1}

    @strawberry.field
    def awaitable_items(self) -> list[int | None]:
        async def number(value: int) -> int:
            await asyncio.sleep(0)
            if value == 2:
                raise ValueError("item broke")
            return value

        return [number(1), 7, number(2), number(3)]

    @strawberry.field(graphql_type=list[list[Row]])
    def rows(self) -> list[list[Slotted]]:
        return [rows(1), [], rows(2)]

    @strawberry.field(graphql_type=list[Row | None])
    def rows_with_gaps(self) -> list[Any]:
        return [rows(1)[0], None, RefusedError("row"), rows(2)[1]]

    @strawberry.field(graphql_type=list[Row])
    def rows_with_null(self) -> list[Any]:
        return [rows(1)[0], None]

    @strawberry.field(graphql_type=tuple[Row, ...])
    def tuple_of_rows(self) -> tuple[Slotted, ...]:
        return tuple(rows(2))


@strawberry.type
class Query:
    @strawberry.field(graphql_type=list[Row])
    def rows(self, count: int = 4) -> list[Slotted]:
        return rows(count)

    @strawberry.field(graphql_type=list[Row])
    async def rows_later(self, count: int = 4) -> list[Slotted]:
        await asyncio.sleep(0)
        return rows(count)

    @strawberry.field(graphql_type=Row | None)
    def row(self) -> Slotted:
        return rows(1)[0]

    @strawberry.field(graphql_type=Row)
    def required_row(self) -> Slotted | None:
        return None

    @strawberry.field
    def leaves(self) -> Leaves:
        return Leaves()

    @strawberry.field
    def lists(self) -> Lists:
        return Lists()

    @strawberry.field
    def things(self) -> list[Thing | None]:
        return [Cat(name="Tom"), Stone(weight=1.5), None, Dog(name="Rex"), Cat(name="Kit", lives=1)]

    @strawberry.field
    def wrong_things(self) -> list[Thing | None]:
        return [Cat(name="Tom"), 5, RefusedError("thing")]

    @strawberry.field
    def named(self) -> list[Named]:
        return [Dog(name="Rex"), Cat(name="Tom"), Dog(name="Bo", good=False)]

    @strawberry.field
    async def named_later(self) -> list[Named | None]:
        await asyncio.sleep(0)
        return [Dog(name="Rex"), None, Cat(name="Tom")]

    @strawberry.field
    def cats_and_not(self) -> list[Cat | None]:
        return [Cat(name="Tom"), Dog(name="Rex")]

    @strawberry.field
    def echo(
        self,
        number: int = 1,
        text: str | None = None,
        level: Level = Level.LOW,
        within: Range | None = None,
        numbers: list[int] | None = None,
        when: dt.datetime | None = None,
    ) -> str:
        return repr((number, text, level, within, numbers, when))

    @strawberry.field
    def fails(self) -> str | None:
        raise ValueError("always")

    @strawberry.field
    async def fails_later(self) -> str | None:
        await asyncio.sleep(0)
        raise ValueError("always later")

    @strawberry.field
    def returns_error(self) -> str | None:
        return RefusedError("returned")

    @strawberry.field
    def required(self) -> str:
        return None

    @strawberry.field
    def about(self, info: Info, unused: int = 0) -> str:
        return description(info)

    @strawberry.field
    def undefined(self) -> str | None:
        return UNSET


@strawberry.type
class Mutation:
    @strawberry.mutation
    async def first(self, info: Info, wait: int = 3) -> str:
        for _ in range(wait):
            await asyncio.sleep(0)
        info.context["log"].append("first")
        return "1"

    @strawberry.mutation
    def second(self, info: Info) -> str | None:
        info.context["log"].append("second")
        return "2"

    @strawberry.mutation
    def fails(self, info: Info) -> str | None:
        info.context["log"].append("fails")
        raise ValueError("mutation failed")

    @strawberry.mutation
    def fails_required(self, info: Info) -> str:
        info.context["log"].append("fails required")
        raise ValueError("mutation failed for good")

    @strawberry.mutation(graphql_type=list[Row])
    async def rows(self, info: Info) -> list[Slotted]:
        info.context["log"].append("rows")
        return rows(2)
