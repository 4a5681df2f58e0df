"""What a columnar executor easily gets wrong, one test each."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
import strawberry
from engine_support import Pair, answer
from engine_tricky_schema import Query as TrickyQuery
from engine_tricky_schema import Slotted
from graphql import execute, execute_sync, parse
from strawberry import Info, Parent
from strawberry.scalars import JSON

from ecoctrl_gql.engine import ColumnarExecutor, batched
from ecoctrl_gql.engine.rows import row_builder

TRICKY = Pair(query=TrickyQuery)


def columnar(query: type, **arguments: Any) -> strawberry.Schema:
    return strawberry.Schema(query, execution_context_class=ColumnarExecutor, **arguments)


async def test_cells_around_a_failing_property_are_read_exactly_once() -> None:
    reads: list[int] = []

    class Record:
        def __init__(self, number: int) -> None:
            self.number = number

        @property
        def value(self) -> int:
            reads.append(self.number)
            if self.number == 1:
                raise ValueError("no 1")
            if self.number == 2:
                raise StopIteration
            return self.number

    @strawberry.type
    class Item:
        value: int | None

    @strawberry.type
    class Query:
        @strawberry.field(graphql_type=list[Item])
        def items(self) -> list[Record]:
            return [Record(number) for number in range(5)]

    result = await columnar(Query).execute("{ items { value } }")

    assert reads == [0, 1, 2, 3, 4]
    assert result.data == {"items": [{"value": value} for value in (0, None, None, 3, 4)]}
    assert [error.path for error in result.errors or []] == [["items", 1, "value"], ["items", 2, "value"]]


async def test_nothing_is_called_below_an_empty_or_null_level() -> None:
    calls: list[str] = []

    @strawberry.type
    class Item:
        @strawberry.field
        def one(self) -> int:
            calls.append("one")
            return 1

        @strawberry.field
        @batched
        async def many(items: Sequence[Any]) -> list[int]:
            calls.append("many")
            return [1 for _ in items]

    @strawberry.type
    class Query:
        @strawberry.field
        def empty(self) -> list[Item]:
            return []

        @strawberry.field
        def nulls(self) -> list[Item | None]:
            return [None, None]

        @strawberry.field
        def empties(self) -> list[list[Item]]:
            return [[], []]

    result = await columnar(Query).execute(
        "{ empty { one many } nulls { one many } empties { one many } }", context_value={}
    )

    assert result.data == {"empty": [], "nulls": [None, None], "empties": [[], []]}
    assert calls == []


@strawberry.input
class Filter:
    words: list[str]


async def test_a_resolver_that_changes_its_arguments_does_not_reach_other_parents() -> None:
    @strawberry.type
    class Item:
        @strawberry.field
        def words(self, within: Filter, more: list[int], data: JSON) -> list[str]:
            within.words.append("changed")
            more.append(0)
            data["seen"] = data.get("seen", 0) + 1
            return [*within.words, *map(str, more), f"seen {data['seen']}"]

    @strawberry.type
    class Query:
        @strawberry.field
        def items(self) -> list[Item]:
            return [Item(), Item(), Item()]

    pair = Pair(query=Query)
    stock, engine = await pair.run(
        "query ($w: [String!]!) { items { words(within: {words: $w}, more: [7], data: {}) } }", {"w": ["a"]}
    )

    assert engine == stock
    assert engine.data["items"] == [{"words": ["a", "changed", "7", "0", "seen 1"]}] * 3


async def test_immutable_arguments_are_converted_once_for_all_parents() -> None:
    converted: list[str] = []

    def parse(value: str) -> str:
        converted.append(value)
        return value

    word = strawberry.scalar(name="Word", serialize=str, parse_value=parse)
    config = strawberry.schema.config.StrawberryConfig(scalar_map={})

    @strawberry.type
    class Item:
        @strawberry.field
        def echo(self, word: str = "x") -> str:
            return word

    @strawberry.type
    class Query:
        @strawberry.field
        def items(self) -> list[Item]:
            return [Item() for _ in range(10)]

    schema = columnar(Query, scalar_overrides={str: word}, config=config)
    result = await schema.execute('{ items { echo(word: "w") } }')

    assert result.data == {"items": [{"echo": "w"}] * 10}
    assert len(converted) < 10  # parsed when validating and when executing, not for each parent


async def test_all_parents_of_a_field_come_before_the_next_field() -> None:
    calls: list[str] = []

    @strawberry.type
    class Item:
        number: int

        @strawberry.field
        def first(self) -> int:
            calls.append(f"first {self.number}")
            return 1

        @strawberry.field
        def second(self) -> int:
            calls.append(f"second {self.number}")
            return 2

    @strawberry.type
    class Query:
        @strawberry.field
        def items(self) -> list[Item]:
            return [Item(number=0), Item(number=1)]

    await columnar(Query).execute("{ items { first second } }")

    assert calls == ["first 0", "first 1", "second 0", "second 1"]


async def test_a_deadline_ends_a_request_that_an_error_has_decided() -> None:
    ended: list[str] = []

    @strawberry.type
    class Query:
        @strawberry.field
        async def never(self) -> int:
            try:
                await asyncio.Event().wait()
            finally:
                ended.append("cancelled")
            return 1

        @strawberry.field
        async def fails(self) -> int:
            raise ValueError("decided")

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await columnar(Query).execute("{ never fails }")

    assert ended == ["cancelled"]


async def test_a_slow_field_holds_back_its_own_children_only() -> None:
    order: list[str] = []
    slow_may_go = asyncio.Event()

    @strawberry.type
    class Child:
        name: str

        @strawberry.field
        async def seen(self) -> str:
            order.append(self.name)
            slow_may_go.set()
            return self.name

    @strawberry.type
    class Query:
        @strawberry.field
        async def slow(self) -> Child:
            await slow_may_go.wait()
            return Child(name="slow")

        @strawberry.field
        async def fast(self) -> Child:
            return Child(name="fast")

    result = await columnar(Query).execute("{ slow { seen } fast { seen } }")

    assert result.data == {"slow": {"seen": "slow"}, "fast": {"seen": "fast"}}
    assert order == ["fast", "slow"]


@pytest.mark.parametrize(
    "fields",
    ["ints", "floats", "strings", "flags", "ids", "levels", "statuses", "times"],
)
async def test_odd_values_are_coerced_one_by_one(fields: str) -> None:
    stock, engine = await TRICKY.run(f"{{ leaves {{ {fields} }} }}")

    assert engine == stock
    assert engine.errors
    assert any(value is not None for value in engine.data["leaves"][fields])


async def test_a_document_shared_by_two_schemas_has_a_plan_in_each() -> None:
    @strawberry.type(name="Query")
    class Words:
        @strawberry.field
        def value(self) -> str:
            return "one"

    @strawberry.type(name="Query")
    class Numbers:
        @strawberry.field
        def value(self) -> int:
            return 1

    document = parse("{ value }")
    schemas = [columnar(query)._schema for query in (Words, Numbers)]

    answers = [
        execute_sync(schema, document, executor_class=ColumnarExecutor).data
        for schema in (*schemas, *schemas[:1])
    ]

    assert answers == [{"value": "one"}, {"value": 1}, {"value": "one"}]


async def test_info_for_types_has_the_path_of_the_field() -> None:
    paths: list[list[str | int]] = []

    def resolve_type(value: Any, info: Any, _: Any) -> str:
        paths.append(info.path.as_list())
        return str(value.kind)

    @strawberry.interface
    class Being:
        kind: str

    @strawberry.type
    class Cat(Being):
        @classmethod
        def is_type_of(cls, value: Any, info: Any) -> bool:
            paths.append(["is_type_of", *info.path.as_list()])
            return True

    @strawberry.type
    class Home:
        @strawberry.field
        def beings(self) -> list[Being]:
            return [Cat(kind="Cat"), Cat(kind="Cat")]

    @strawberry.type
    class Query:
        @strawberry.field
        def homes(self) -> list[Home]:
            return [Home(), Home()]

    seen = []
    for schema in (strawberry.Schema(Query, types=[Cat]), columnar(Query, types=[Cat])):
        schema._schema.type_map["Being"].resolve_type = resolve_type
        paths.clear()
        result = await schema.execute("{ homes { beings { kind } } }")
        assert result.errors is None
        seen.append(sorted(paths, key=str))

    assert seen[1] == seen[0]
    assert ["homes", 1, "beings"] in seen[1]
    assert ["is_type_of", "homes", 0, "beings"] in seen[1]


async def test_a_batch_of_the_wrong_length_fails_its_field() -> None:
    @strawberry.type
    class Item:
        name: str = "item"

        @strawberry.field
        @batched
        def twice(items: Sequence[Any]) -> list[int | None]:
            return [1] * (len(items) + 1)

    @strawberry.type
    class Query:
        @strawberry.field
        def items(self) -> list[Item | None]:
            return [Item(), Item()]

    result = await columnar(Query).execute("{ items { name twice } }")

    assert result.data == {"items": [{"name": "item", "twice": None}] * 2}
    messages = [(error.message, error.path) for error in result.errors or []]
    assert [path for _, path in messages] == [["items", 0, "twice"], ["items", 1, "twice"]]
    assert all("returned 3 values for 2 parents" in message for message, _ in messages)


async def test_one_exception_in_many_cells_gives_an_error_for_each() -> None:
    error = ValueError("the same object")

    @strawberry.type
    class Item:
        @strawberry.field
        def value(self) -> int | None:
            raise error

    @strawberry.type
    class Query:
        @strawberry.field
        def items(self) -> list[Item]:
            return [Item(), Item()]

    result = answer(await columnar(Query).execute("{ items { value } }"), [])

    assert [path for _, path, _ in result.errors] == [("items", 0, "value"), ("items", 1, "value")]


@pytest.mark.parametrize(
    "query",
    [
        "{ rows { a: id b: id c: id } }",
        "{ rows { id } rows { id name } }",
        "{ rows { __typename } }",
        "{ rows { id @skip(if: true) } }",
        "{ named { ... on Cat { name lives } ... on Named { name } } }",
    ],
)
async def test_rows_of_unusual_selections(query: str) -> None:
    stock, engine = await TRICKY.run(query)

    assert engine == stock
    assert engine.data


@pytest.mark.parametrize("width", [0, 1, 2, 100, 101, 300])
def test_rows_of_any_width(width: int) -> None:
    keys = [f"field{index}" for index in range(width)]
    columns = [[f"{key} of {row}" for row in range(3)] for key in keys]

    rows = row_builder(keys)(columns)

    expected = [{key: f"{key} of {row}" for key in keys} for row in range(3)] if width else []
    assert rows == expected
    assert [list(row) for row in rows] == [keys] * len(rows)


def test_generated_code_never_holds_a_clients_text() -> None:
    keys = ["__import__('os')", '"', "\\", "}", "c0"]

    assert row_builder(keys)([[1], [2], [3], [4], [5]]) == [dict(zip(keys, range(1, 6), strict=True))]


async def test_the_internals_the_engine_stands_on_are_there() -> None:
    """An upgrade that changes them should fail here, by name."""
    from graphql.execution.executor import Executor
    from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext
    from strawberry.schema.schema_converter import GraphQLCoreConverter
    from strawberry.types.field import StrawberryField

    for name in (
        "execute_operation",
        "build_resolve_info",
        "build_response",
        "collect_subfields",
        "ensure_valid_runtime_type",
    ):
        assert callable(getattr(Executor, name))
    assert StrawberryGraphQLCoreExecutionContext.build_resolve_info is not Executor.build_resolve_info
    assert callable(GraphQLCoreConverter._get_field_exception_handlers)
    assert callable(StrawberryField.get_result)
    assert GraphQLCoreConverter.DEFINITION_BACKREF == "strawberry-definition"


async def test_selections_nested_too_deeply_are_an_error_not_a_crash() -> None:
    depth = 190
    query = "{ row " + "{ maybe " * depth + "{ id }" + " }" * depth + " }"

    result = await TRICKY.columnar.execute(query)

    value = result.data
    if value is None:
        assert result.errors
    else:
        for key in ["row"] + ["maybe"] * depth:
            value = value[key] if value else None
        assert value == {"id": "r0"} or result.errors


async def test_operations_started_together_may_await_the_same_future() -> None:
    shared: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    @strawberry.type
    class Query:
        @strawberry.field
        def value(self) -> int:
            return shared

        @strawberry.field
        async def later(self) -> int:
            return await shared

    schema, document = columnar(Query)._schema, parse("{ value }")
    started = [execute(schema, document, executor_class=ColumnarExecutor) for _ in range(3)]
    started.append(execute(schema, parse("{ value again: value later }"), executor_class=ColumnarExecutor))
    asyncio.get_running_loop().call_later(0.01, shared.set_result, 7)

    results = await asyncio.gather(*started)

    assert [result.data for result in results[:3]] == [{"value": 7}] * 3
    assert results[3].data == {"value": 7, "again": 7, "later": 7}


async def watched(info: Info, name: str) -> str:
    """Notes the name if what comes after a wait runs in another task than what came before it."""
    before = asyncio.current_task()
    await asyncio.sleep(0)
    if asyncio.current_task() is not before:
        info.context["log"].append(name)
    return name


@strawberry.type
class Sparrow:
    @strawberry.field
    async def sings(self, info: Info) -> str:
        return await watched(info, "sparrow")


@strawberry.type
class Hound:
    @strawberry.field
    async def barks(self, info: Info) -> str:
        return await watched(info, "hound")

    @strawberry.field
    @batched
    async def runs(hounds: Sequence[Any], info: Info) -> list[str]:
        return [await watched(info, "hounds") for _ in hounds]

    @strawberry.field
    async def puppies(self, info: Info) -> list["Hound"]:
        async def born() -> Any:
            await watched(info, "born")
            yield Hound()

        return born()


@strawberry.type
class Pets:
    @strawberry.field
    async def pets(self, info: Info) -> list[Sparrow | Hound]:
        await watched(info, "pets")
        return [Sparrow(), Hound()]

    @strawberry.field
    async def hound(self, info: Info) -> Hound:
        await watched(info, "a hound")
        return Hound()


@pytest.mark.parametrize(
    "query",
    [
        "{ pets { ... on Sparrow { sings } ... on Hound { barks } } }",
        "{ pets { ... on Sparrow { sings } ... on Hound { runs puppies { barks } } } }",
        "{ hound { barks } }",
        "{ hound { runs } }",
        "{ hound { puppies { runs } barks } other: hound { puppies { barks } } }",
    ],
)
async def test_a_resolver_runs_in_one_task_from_start_to_end(query: str) -> None:
    moved: list[str] = []

    result = await columnar(Pets).execute(query, context_value={"log": moved})

    assert result.errors is None
    assert moved == []


async def test_errors_below_interfaces_in_one_mutation_after_another() -> None:
    @strawberry.interface
    class Being:
        name: str

    @strawberry.type
    class Cat(Being):
        @strawberry.field
        def lives(self) -> int | None:
            raise ValueError(f"{self.name} lives")

    @strawberry.type
    class Mutation:
        @strawberry.mutation
        def make(self, name: str) -> Being:
            return Cat(name=name)

    pair = Pair(query=Pets, mutation=Mutation, types=[Cat])
    stock, engine = await pair.run(
        'mutation { a: make(name: "a") { ... on Cat { lives } } b: make(name: "b") { ... on Cat { lives } } }'
    )

    assert engine == stock
    assert [message for message, _, _ in engine.errors] == ["a lives", "b lives"]


async def test_a_timeout_within_a_resolver_works_beside_other_resolvers() -> None:
    @strawberry.type
    class Query:
        @strawberry.field
        async def slow(self) -> str:
            try:
                async with asyncio.timeout(0.01):
                    await asyncio.Event().wait()
            except TimeoutError:
                return "timed out"
            return "never"

        @strawberry.field
        async def fast(self) -> str:
            await asyncio.sleep(0)
            return "fast"

    result = await columnar(Query).execute("{ slow fast again: slow }")

    assert result.data == {"slow": "timed out", "fast": "fast", "again": "timed out"}


async def test_an_unset_slot_is_the_error_of_its_field() -> None:
    @strawberry.type
    class Item:
        id: strawberry.ID
        name: str | None

        @strawberry.field
        def shout(item: Parent[Slotted], info: Info) -> str:
            return f"{item.id}!"

    @strawberry.type
    class Query:
        @strawberry.field(graphql_type=list[Item])
        def items(self) -> list[Slotted]:
            return [Slotted(id="a", name="A"), Slotted(id="b")]

    stock, engine = await Pair(query=Query).run("{ items { id name shout } }")

    assert engine == stock
    assert engine.data["items"][1] == {"id": "b", "name": None, "shout": "b!"}
    assert [path for _, path, _ in engine.errors] == [("items", 1, "name")]
