"""Batch resolvers: one call for all parents, on the engine and wherever single values are asked for."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest
import strawberry
from aiodataloader import DataLoader
from engine_support import Pair, PlanCounter
from strawberry import Info
from strawberry.extensions import FieldExtension, SchemaExtension
from strawberry.permission import BasePermission

from ecoctrl_gql.engine import ColumnarExecutor, FieldRule, OperationCache, batched


class Record:
    __slots__ = ("id",)

    def __init__(self, key: int) -> None:
        self.id = key


class Everyone(BasePermission):
    async def has_permission(self, source: Any, info: Info, **kwargs: Any) -> bool:
        await asyncio.sleep(0)
        return True


class Anyone(FieldRule):
    def check(self, info: Info[Any, Any]) -> None:
        pass


class Impatient(FieldExtension):
    """Gives up on some of the parents before the others have their values."""

    async def resolve_async(self, next_: Any, source: Any, info: Info, **kwargs: Any) -> Any:
        info.context["waiting"].append(source.id)
        try:
            async with asyncio.timeout(0.01 if source.id in info.context["impatient"] else None):
                return await next_(source, info, **kwargs)
        except TimeoutError:
            if len(info.context["impatient"]) == 1:
                info.context["go"].set()
            return "gave up"


class FirstById(FieldExtension):
    """Gives each parent an argument of its own: 1 for odd ids, 2 for even ones."""

    async def resolve_async(self, next_: Any, source: Any, info: Info, **kwargs: Any) -> Any:
        return await next_(source, info, **{**kwargs, "first": 2 - source.id % 2})


def note(info: Info, name: str, nodes: Sequence[Record]) -> None:
    info.context["log"].append(f"{name} {[node.id for node in nodes]}")


@strawberry.input
class Page:
    first: int = 2


@strawberry.type
class Node:
    id: int

    @strawberry.field(graphql_type=list["Node"])
    @batched
    async def children(nodes: Sequence[Record], info: Info, first: int = 2) -> list[list[Record]]:
        note(info, "children", nodes)
        await asyncio.sleep(0)
        return [[Record(node.id * 10 + index) for index in range(first)] for node in nodes]

    @strawberry.field
    @batched
    def names(nodes: Sequence[Record], info: Info, page: Page | None = None) -> list[list[str]]:
        note(info, "names", nodes)
        return [[f"n{node.id}"] * (page.first if page else 1) for node in nodes]

    @strawberry.field
    @batched
    async def plain(nodes: Sequence[Record]) -> "list[str]":
        return [f"plain {node.id}" for node in nodes]

    @strawberry.field
    @batched
    def text(nodes: Sequence[Record]) -> list[str]:
        return [f"text {node.id}" for node in nodes]

    @strawberry.field
    @batched
    async def some_fail(nodes: Sequence[Record]) -> list[str | None]:
        return [ValueError(f"no {node.id}") if node.id % 2 else "ok" for node in nodes]

    @strawberry.field
    @batched
    async def all_fail(nodes: Sequence[Record]) -> list[str | None]:
        raise ValueError("none at all")

    @strawberry.field(permission_classes=[Everyone])
    @batched
    async def permitted(nodes: Sequence[Record], info: Info, first: int = 1) -> list[str]:
        note(info, f"permitted {first}", nodes)
        await asyncio.sleep(0)
        return [f"permitted {node.id}" for node in nodes]

    @strawberry.field(extensions=[Anyone()])
    @batched
    async def ruled(nodes: Sequence[Record], info: Info) -> list[str]:
        note(info, "ruled", nodes)
        return [f"ruled {node.id}" for node in nodes]

    @strawberry.field(extensions=[FirstById()])
    @batched
    async def by_id(nodes: Sequence[Record], info: Info, first: int = 9) -> list[str]:
        note(info, f"by id {first}", nodes)
        return [f"{node.id} first {first}" for node in nodes]

    @strawberry.field(extensions=[Impatient()])
    @batched
    async def awaited(nodes: Sequence[Record], info: Info) -> list[str]:
        try:
            await info.context["go"].wait()
        except asyncio.CancelledError:
            info.context["log"].append("cancelled")
            raise
        return [f"awaited {node.id}" for node in nodes]

    @strawberry.field
    @batched
    def reordered(nodes: list[Record]) -> list[int]:
        ids = [node.id for node in nodes]
        nodes.reverse()
        return ids

    @strawberry.field(permission_classes=[Everyone])
    @batched
    async def permitted_fails(nodes: Sequence[Record]) -> list[str | None]:
        raise ValueError("refused")


@strawberry.type
class Query:
    @strawberry.field(graphql_type=list[Node])
    async def nodes(self, count: int = 3) -> list[Record]:
        return [Record(index + 1) for index in range(count)]


PAIR = Pair(query=Query)


@pytest.mark.parametrize(
    "selection",
    [
        "id children { id }",
        "children(first: 1) { id children { id names } }",
        "names names2: names(page: {first: 3})",
        "plain text",
        "someFail",
        "allFail id",
        "permitted again: permitted(first: 2)",
        "permittedFails",
        "byId",
        "reordered id text",
        "ruled",
    ],
)
async def test_same_answer_as_stock(selection: str) -> None:
    stock, engine = await PAIR.run(f"{{ nodes {{ {selection} }} }}")

    assert engine.data == stock.data
    assert engine.data["nodes"]
    assert engine.error_set == stock.error_set
    assert len(engine.errors) == len(stock.errors)


async def test_one_call_for_each_level() -> None:
    _, engine = await PAIR.run("{ nodes { names children { children { id } } } }")

    assert engine.log == [
        "names [1, 2, 3]",
        "children [1, 2, 3]",
        "children [10, 11, 20, 21, 30, 31]",
    ]


async def test_one_call_for_each_level_of_stock_execution_too() -> None:
    stock, _ = await PAIR.run("{ nodes { children { children { id } } } }")

    assert stock.log == ["children [1, 2, 3]", "children [10, 11, 20, 21, 30, 31]"]


async def test_one_call_behind_a_permission_class() -> None:
    _, engine = await PAIR.run("{ nodes { permitted other: permitted(first: 2) ruled } }")

    assert sorted(engine.log) == ["permitted 1 [1, 2, 3]", "permitted 2 [1, 2, 3]", "ruled [1, 2, 3]"]


async def test_parents_with_other_arguments_are_other_calls() -> None:
    _, engine = await PAIR.run("{ nodes { byId } }")

    assert engine.data == {"nodes": [{"byId": "1 first 1"}, {"byId": "2 first 2"}, {"byId": "3 first 1"}]}
    assert engine.log == ["by id 1 [1, 3]", "by id 2 [2]"]


@pytest.mark.parametrize(
    ("impatient", "values", "log"),
    [
        ({2}, ["awaited 1", "gave up", "awaited 3"], []),
        ({1, 2, 3}, ["gave up"] * 3, ["cancelled"]),
    ],
)
async def test_parents_that_give_up_leave_the_call_to_the_others(
    impatient: set[int], values: list[str], log: list[str]
) -> None:
    context = {"log": [], "waiting": [], "go": asyncio.Event(), "impatient": impatient}

    result = await PAIR.columnar.execute("{ nodes { awaited } }", context_value=context)
    await asyncio.sleep(0)

    assert [node["awaited"] for node in result.data["nodes"]] == values
    assert context["waiting"] == [1, 2, 3]
    assert context["log"] == log


async def test_one_call_for_each_request() -> None:
    schema = strawberry.Schema(Query, extensions=[OperationCache()])
    logs: list[list[str]] = [[], []]

    await asyncio.gather(
        *(schema.execute("{ nodes { children { id } } }", context_value={"log": log}) for log in logs)
    )

    assert logs == [["children [1, 2, 3]"], ["children [1, 2, 3]"]]


async def test_behind_a_schema_extension_that_wraps_resolvers() -> None:
    class Wrapping(SchemaExtension):
        async def resolve(self, _next: Any, root: Any, info: Any, *args: Any, **kwargs: Any) -> Any:
            value = _next(root, info, *args, **kwargs)
            return await value if asyncio.iscoroutine(value) else value

    _, engine = await Pair(query=Query, extensions=[Wrapping]).run("{ nodes { children { id } names } }")

    assert engine.log == ["names [1]", "names [2]", "names [3]", "children [1, 2, 3]"]


async def test_events_of_subscriptions_are_batched(plans: PlanCounter) -> None:
    @strawberry.type
    class Subscription:
        @strawberry.subscription(graphql_type=list[Node])
        async def added(self) -> AsyncIterator[list[Record]]:
            yield [Record(1), Record(2)]

    schema = strawberry.Schema(Query, subscription=Subscription, execution_context_class=ColumnarExecutor)
    log: list[str] = []
    events = await schema.subscribe("subscription { added { names } }", context_value={"log": log})

    data = [event.data async for event in events]

    assert data == [{"added": [{"names": ["n1"]}, {"names": ["n2"]}]}]
    assert log == ["names [1, 2]"]


def test_the_schema_is_that_of_single_values() -> None:
    text = PAIR.stock.as_str()

    assert "children(first: Int! = 2): [Node!]!" in text
    assert "names(page: Page = null): [String!]!" in text
    assert "plain: String!" in text
    assert "someFail: String\n" in text


@pytest.mark.parametrize("resolver", [lambda: (), lambda self: ()])
def test_a_function_without_a_parameter_for_the_parents(resolver: Any) -> None:
    with pytest.raises(TypeError, match="first parameter, not called self"):
        batched(resolver)


async def test_futures_of_a_loader_are_awaited_without_tasks() -> None:
    """What ``def children(node, info): return loader.load(node.id)`` returns for each parent."""
    batches: list[list[int]] = []

    async def load(keys: list[int]) -> list[Any]:
        batches.append(keys)
        return [KeyError(key) if key == 2 else key * 2 for key in keys]

    @strawberry.type
    class Item:
        @strawberry.field(graphql_type=int | None)
        def double(item: strawberry.Parent[Record], info: Info) -> Any:
            return info.context["loader"].load(item.id)

    @strawberry.type
    class Query:
        @strawberry.field(graphql_type=list[Item])
        def items(self) -> list[Record]:
            return [Record(1), Record(2), Record(3), Record(1)]

    schema = strawberry.Schema(Query, execution_context_class=ColumnarExecutor)
    tasks: list[Any] = []
    asyncio.get_running_loop().set_task_factory(
        lambda loop, coroutine, **options: (
            tasks.append(coroutine) or asyncio.Task(coroutine, loop=loop, **options)
        )
    )
    try:
        result = await schema.execute(
            "{ items { double again: double } }", context_value={"loader": DataLoader(load)}
        )
    finally:
        asyncio.get_running_loop().set_task_factory(None)

    assert [item["double"] for item in (result.data or {})["items"]] == [2, None, 6, 2]
    assert [error.path for error in result.errors or []] == [["items", 1, "double"], ["items", 1, "again"]]
    assert batches == [[1, 2, 3]]
    assert len(tasks) <= 4  # the two fields and the loader's own
