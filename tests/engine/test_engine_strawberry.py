"""What Strawberry offers around resolvers, through the engine as through stock execution."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Any

import pytest
import strawberry
from engine_support import Pair, PlanCounter, answer
from graphql import GraphQLError, GraphQLResolveInfo
from strawberry import Info
from strawberry.directive import DirectiveLocation, DirectiveValue
from strawberry.extensions import FieldExtension, MaskErrors, SchemaExtension
from strawberry.permission import BasePermission
from strawberry.types.field import StrawberryField

from ecoctrl_gql.engine import ColumnarExecutor, FieldRule, batched


class NotTheSecond(BasePermission):
    message = "not the second"

    def has_permission(self, source: Any, info: Info, **kwargs: Any) -> bool:
        return source.number != 1


class NotTheFirst(BasePermission):
    message = "not the first"

    async def has_permission(self, source: Any, info: Info, **kwargs: Any) -> bool:
        await asyncio.sleep(0)
        return source.number != 0


class Doubled(FieldExtension):
    def resolve(self, next_: Any, source: Any, info: Info, **kwargs: Any) -> Any:
        return next_(source, info, **kwargs) * 2


class Logged(FieldExtension):
    async def resolve_async(self, next_: Any, source: Any, info: Info, **kwargs: Any) -> Any:
        value = await next_(source, info, **kwargs)
        info.context["log"].append(f"{info.path.as_list()} = {value}")
        return value


class OddField(StrawberryField):
    def get_result(self, source: Any, info: Info | None, args: list[Any], kwargs: Any) -> Any:
        return f"odd {super().get_result(source, info, args, kwargs)}"


class OnlyFor(FieldRule):
    """Admits the user named in the rule."""

    def __init__(self, user: str) -> None:
        self._user = user

    def check(self, info: Info[Any, Any]) -> None:
        info.context["log"].append(f"check {self._user} {info.path.as_list()}")
        if info.context.get("user", "ann") != self._user:
            raise PermissionError(f"only for {self._user}")


class Loud(OnlyFor):
    """More than a rule."""

    def resolve(self, next_: Any, source: Any, info: Info, **kwargs: Any) -> Any:
        return str(super().resolve(next_, source, info, **kwargs)).upper()


@strawberry.type
class Item:
    number: int
    loud: str = strawberry.field(default="loud", extensions=[Loud("ann")])
    permitted: str | None = strawberry.field(default="permitted", permission_classes=[NotTheSecond])
    ruled: str | None = strawberry.field(default="ruled", extensions=[OnlyFor("ann")])
    refused: str | None = strawberry.field(default="refused", extensions=[OnlyFor("bob")])
    odd: str = OddField(python_name="odd", default="value")

    @strawberry.field(permission_classes=[NotTheFirst])
    async def permitted_later(self) -> str | None:
        return "permitted"

    @strawberry.field(extensions=[Doubled()])
    def doubled(self, value: int = 3) -> int:
        return value

    @strawberry.field(extensions=[Logged()])
    async def logged(self) -> int:
        return self.number

    @strawberry.field(extensions=[OnlyFor("ann"), OnlyFor("cat")])
    async def ruled_twice(self) -> str | None:
        return "never"

    @strawberry.field
    @batched
    async def counted(items: Sequence["Item"]) -> list[int]:
        return [item.number for item in items]

    @strawberry.field
    def where(self, info: Info) -> str:
        field, nodes, *_ = tuple(info._raw_info)
        assert info._raw_info._replace(field_name="other").field_name == "other"
        return f"{field} {len(nodes)} {tuple(info._raw_info)[4].as_list()} {info.path.as_list()}"

    @strawberry.field
    def below(self) -> list["Item"]:
        return [Item(number=self.number + 1)]

    @strawberry.field
    @staticmethod
    def static() -> str:
        return "static"

    @strawberry.field
    @classmethod
    def of_class(cls) -> str:
        return cls.__name__


@strawberry.type
class Query:
    @strawberry.field
    def items(self, count: int = 3) -> list[Item]:
        return [Item(number=number) for number in range(count)]


@strawberry.directive(locations=[DirectiveLocation.FIELD])
def shout(value: DirectiveValue[str]) -> str:
    return value.upper()


@pytest.mark.parametrize(
    "selection",
    [
        "permitted",
        "permittedLater",
        "permitted permittedLater number",
        "doubled other: doubled(value: 5)",
        "logged below { logged }",
        "odd",
        "where below { where }",
        "static ofClass",
        "ruled number",
        "loud",
        "refused ruledTwice below { refused }",
    ],
)
async def test_around_fields(selection: str) -> None:
    stock, engine = await Pair(query=Query).run(f"{{ items {{ {selection} }} }}")

    assert (engine.data, engine.error_set) == (stock.data, stock.error_set)
    assert len(engine.errors) == len(stock.errors)
    assert set(engine.log) <= set(stock.log)
    if "uled" not in selection and "refused" not in selection:  # rules are asked less often
        assert sorted(engine.log) == sorted(stock.log)


async def test_a_rule_is_asked_once_for_a_column() -> None:
    stock, engine = await Pair(query=Query).run("{ items { ruled below { ruled } } }")

    assert stock.log.count("check ann ['items', 0, 'ruled']") == 1
    assert len(stock.log) == 6
    assert engine.log == ["check ann ['items', 0, 'ruled']", "check ann ['items', 0, 'below', 0, 'ruled']"]


async def test_operation_directives() -> None:
    stock, engine = await Pair(query=Query, directives=[shout]).run(
        "{ items { permitted @shout odd static } }"
    )

    assert engine == stock
    assert engine.data["items"][0] == {"permitted": "PERMITTED", "odd": "odd value", "static": "static"}


async def test_schema_extensions_see_every_step_and_every_field() -> None:
    log: list[str] = []

    class Tracing(SchemaExtension):
        async def on_operation(self) -> AsyncIterator[None]:
            log.append("operation")
            yield
            log.append(f"operated {self.execution_context.result.data is not None}")

        def on_validate(self) -> Iterator[None]:
            log.append("validate")
            yield

        def on_parse(self) -> Iterator[None]:
            log.append("parse")
            yield

        def on_execute(self) -> Iterator[None]:
            log.append("execute")
            yield
            log.append("executed")

        async def resolve(
            self, _next: Any, root: Any, info: GraphQLResolveInfo, *args: Any, **kwargs: Any
        ) -> Any:
            value = _next(root, info, *args, **kwargs)
            log.append("/".join(map(str, info.path.as_list())))
            return await value if asyncio.iscoroutine(value) else value

        def get_results(self) -> dict[str, Any]:
            return {"fields": len([entry for entry in log if "/" in entry])}

    logs = []
    for executor in (None, ColumnarExecutor):
        log.clear()
        schema = strawberry.Schema(Query, extensions=[Tracing], execution_context_class=executor)
        result = await schema.execute(
            "{ items { __typename number ruled below { number } } }", context_value={"log": []}
        )
        assert result.errors is None
        assert result.extensions == {"fields": 15}
        logs.append((log[:4], sorted(log[4:-2]), log[-2:]))

    assert logs[1] == logs[0]


async def test_mask_errors() -> None:
    @strawberry.type
    class Failing:
        @strawberry.field
        def secret(self) -> str | None:
            raise ValueError("the password is 1234")

        @strawberry.field
        def told(self) -> str | None:
            raise GraphQLError("told", extensions={"code": "TOLD"})

    schema = strawberry.Schema(
        Failing,
        extensions=[lambda: MaskErrors(lambda error: isinstance(error.original_error, ValueError))],
        execution_context_class=ColumnarExecutor,
    )
    result = await schema.execute("{ secret told }")

    assert [(error.message, error.path) for error in result.errors or []] == [
        ("Unexpected error.", ["secret"]),
        ("told", ["told"]),
    ]
    assert (result.errors or [])[1].extensions == {"code": "TOLD"}


async def test_exception_handlers() -> None:
    from strawberry.schema.exception_handlers import ExceptionHandler

    @strawberry.type
    class NotFound:
        message: str

    class MissingError(Exception):
        pass

    class Handler(ExceptionHandler[MissingError]):
        error_type = NotFound

        def handle(self, exception: MissingError, *, field: Any, info: Info) -> NotFound:
            return NotFound(message=str(exception))

    @strawberry.type
    class Finder:
        @strawberry.field
        def find(self) -> Item | NotFound:
            raise MissingError("nothing here")

    stock, engine = await Pair(query=Finder, exception_handlers=[Handler()]).run(
        "{ find { __typename ... on NotFound { message } } }"
    )

    assert engine == stock
    assert engine.data == {"find": {"__typename": "NotFound", "message": "nothing here"}}


async def test_a_default_resolver_of_the_schema() -> None:
    from strawberry.schema.config import StrawberryConfig

    @strawberry.type
    class Entry:
        name: str

    @strawberry.type
    class Entries:
        @strawberry.field
        def entries(self) -> list[Entry]:
            return [{"name": "a"}, {"name": "b"}]

    config = StrawberryConfig(default_resolver=lambda source, name: source[name])
    stock, engine = await Pair(query=Entries, config=config).run("{ entries { name } }")

    assert engine == stock
    assert engine.data == {"entries": [{"name": "a"}, {"name": "b"}]}


def test_execute_sync() -> None:
    schema = strawberry.Schema(Query, execution_context_class=ColumnarExecutor)

    result = schema.execute_sync("{ items { number below { number } } }")

    assert result.errors is None
    assert result.data == {"items": [{"number": n, "below": [{"number": n + 1}]} for n in range(3)]}


# Strawberry cancels the coroutine that it refuses before its first step.
@pytest.mark.filterwarnings("ignore:coroutine '_awaitable' was never awaited:RuntimeWarning")
@pytest.mark.parametrize("selection", ["logged", "number logged loggedToo: logged", "counted"])
async def test_execute_sync_refuses_async_resolvers(selection: str) -> None:
    schema = strawberry.Schema(Query, execution_context_class=ColumnarExecutor)

    result = schema.execute_sync(f"{{ items {{ {selection} }} }}", context_value={"log": []})

    assert result.data is None
    assert [error.message for error in result.errors or []] == [
        "GraphQL execution failed to complete synchronously."
    ]
    await asyncio.sleep(0)


@pytest.mark.parametrize("selection", ["number", "permittedLater", "logged number", "below { logged }"])
async def test_subscriptions_execute_each_event_on_a_plan(selection: str, plans: PlanCounter) -> None:
    @strawberry.type
    class Subscription:
        @strawberry.subscription
        async def added(self, count: int) -> AsyncIterator[Item]:
            for number in range(count):
                yield Item(number=number)

    answers = []
    for executor in (None, ColumnarExecutor):
        schema = strawberry.Schema(Query, subscription=Subscription, execution_context_class=executor)
        log: list[str] = []
        events = await schema.subscribe(
            f"subscription {{ added(count: 3) {{ {selection} }} }}", context_value={"log": log}
        )
        answers.append([answer(event, []) async for event in events])

    assert answers[1] == answers[0]
    assert len(answers[1]) == 3
    assert plans.planned == 3


async def test_interfaces_without_checks_of_each_row() -> None:
    """As the product sets types up: no ``is_type_of``, the interface tells the type."""

    class Record:
        __slots__ = ("id",)

        def __init__(self, key: str) -> None:
            self.id = key

    @strawberry.interface
    class Node:
        id: strawberry.ID

    @strawberry.type
    class Device(Node):
        pass

    @strawberry.type
    class Query:
        @strawberry.field
        def node(self) -> Node:
            return Record("n")

        @strawberry.field
        def devices(self) -> list[Device]:
            return [Record("a"), Record("b")]

    pair = Pair(query=Query, types=[Device])
    for schema in (pair.stock, pair.columnar):
        types: dict[str, Any] = schema._schema.type_map
        types["Device"].is_type_of = None
        types["Node"].resolve_type = lambda *_: "Device"
    stock, engine = await pair.run("{ node { __typename id } devices { __typename id } }")

    assert engine == stock
    assert engine.data == {
        "node": {"__typename": "Device", "id": "n"},
        "devices": [{"__typename": "Device", "id": "a"}, {"__typename": "Device", "id": "b"}],
    }


async def test_what_has_no_plan_is_left_to_stock(plans: PlanCounter) -> None:
    from strawberry.schema.config import StrawberryConfig

    config = StrawberryConfig(enable_experimental_incremental_execution=True)
    schema = strawberry.Schema(Query, config=config, execution_context_class=ColumnarExecutor)

    result: Any = await schema.execute("{ items(count: 1) { number ... @defer { static } } }")

    assert plans.left_to_stock == 1
    assert result.initial_result.data == {"items": [{"number": 0}]}
    later = [each async for each in result.subsequent_results]
    assert later[0].incremental[0].data == {"static": "static"}
