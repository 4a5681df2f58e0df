"""What is kept from request to request, for how long, and what is not."""

import gc
import weakref
from typing import Any

import pytest
import strawberry
from graphql import DocumentNode, NoSchemaIntrospectionCustomRule, execute_sync, parse
from strawberry.extensions import AddValidationRules, MaxTokensLimiter, SchemaExtension

from ecoctrl_gql.engine import ColumnarExecutor, OperationCache
from ecoctrl_gql.engine.lru import LruCache
from ecoctrl_gql.engine.plan import Plan
from ecoctrl_gql.engine.plans import PlanCache
from ecoctrl_gql.engine.prepared import PreparedOperation


@strawberry.interface
class Named:
    name: str


@strawberry.type
class Person(Named):
    age: int = 3

    @strawberry.field
    async def later(self, info: strawberry.Info, word: str = "x") -> str:
        return word


@strawberry.type
class Query:
    @strawberry.field
    def people(self, count: int = 2) -> list[Named]:
        return [Person(name=f"p{index}") for index in range(count)]


def make_schema(**arguments: Any) -> strawberry.Schema:
    return strawberry.Schema(Query, types=[Person], execution_context_class=ColumnarExecutor, **arguments)


class Context(dict[str, Any]):
    """A dictionary that can be watched."""


QUERY = 'query ($n: Int!) { people(count: $n) { name ... on Person { later(word: "w") } } }'


async def test_no_request_is_kept() -> None:
    cache = OperationCache()
    schema = make_schema(extensions=[cache])

    async def request() -> list[weakref.ref[Any]]:
        context, value = Context(), Context()
        result = await schema.execute(
            QUERY, variable_values={"n": 1}, context_value=context, root_value=value
        )
        assert result.errors is None
        return [weakref.ref(context), weakref.ref(value)]

    references = await request()
    gc.collect()

    assert len(cache) == 1
    assert [reference() for reference in references] == [None, None]


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    plans: list[Any] = []
    original = Plan.__init__

    def counted(plan: Plan, *arguments: Any) -> None:
        plans.append(plan)
        original(plan, *arguments)

    monkeypatch.setattr(Plan, "__init__", counted)
    return plans


def test_what_belongs_to_a_request_is_new_for_each() -> None:
    """An attribute that a newer graphql-core adds has to be put on one of the two sides."""
    prepared = PreparedOperation.of(make_schema(), parse("{ people { name } }"), None)
    assert prepared is not None
    one, other = (vars(prepared.executor(object(), object(), None, {}) or object()) for _ in range(2))

    nothing = {name for name, value in one.items() if value is None}
    shared = {name for name, value in one.items() if other[name] is value} - nothing

    assert set(one) == set(other)
    assert nothing == {"abort_signal", "async_work_finished_hook_task", "defer_usage_set", "hooks"} | {
        "middleware_manager"
    }
    assert shared == {
        "enable_early_execution",
        "error_propagation",
        "field_resolver",
        "fragment_definitions",
        "fragments",
        "hide_suggestions",
        "is_async_iterable",
        "is_awaitable",
        "operation",
        "schema",
        "subscribe_field_resolver",
        "type_resolver",
    }


async def test_a_text_is_planned_once(compiled: list[Any]) -> None:
    schema = make_schema(extensions=[OperationCache()])

    answers = [await schema.execute(QUERY, variable_values={"n": count}) for count in (1, 2, 0)]

    assert [len(answer.data["people"]) for answer in answers if answer.data] == [1, 2, 0]
    assert len(compiled) == 1


def test_plans_by_the_values_of_conditions(monkeypatch: pytest.MonkeyPatch, compiled: list[Any]) -> None:
    monkeypatch.setattr(ColumnarExecutor, "plans", PlanCache())
    schema = make_schema()._schema
    document = parse("query ($a: Boolean!, $n: Int = 1) { people(count: $n) { name @include(if: $a) } }")

    def run(**variables: Any) -> Any:
        return execute_sync(schema, document, variable_values=variables, executor_class=ColumnarExecutor).data

    assert run(a=True) == {"people": [{"name": "p0"}]}
    assert run(a=False) == {"people": [{}]}
    assert run(a=True, n=2) == {"people": [{"name": "p0"}, {"name": "p1"}]}
    assert len(compiled) == 2


def test_plans_are_bounded(monkeypatch: pytest.MonkeyPatch, compiled: list[Any]) -> None:
    monkeypatch.setattr(ColumnarExecutor, "plans", PlanCache(size=2))
    schema = make_schema()._schema
    documents = [parse("{ people { name } }") for _ in range(3)]

    for document in (*documents, documents[2], documents[0]):
        execute_sync(schema, document, executor_class=ColumnarExecutor)

    assert len(compiled) == 4  # the first was displaced by the third


def test_variants_of_a_plan_are_bounded(monkeypatch: pytest.MonkeyPatch, compiled: list[Any]) -> None:
    monkeypatch.setattr(ColumnarExecutor, "plans", PlanCache())
    schema = make_schema()._schema
    names = [f"v{index}" for index in range(5)]
    declared = ", ".join(f"${name}: Boolean!" for name in names)
    fields = " ".join(f"{name}: name @include(if: ${name})" for name in names)
    document = parse(f"query ({declared}) {{ people(count: 1) {{ {fields} }} }}")

    for number in range(32):
        values = {name: bool(number >> index & 1) for index, name in enumerate(names)}
        result = execute_sync(schema, document, variable_values=values, executor_class=ColumnarExecutor)
        assert result.data == {"people": [{name: "p0" for name in names if values[name]}]}

    (operation,) = ColumnarExecutor.plans._operations._entries.values()
    assert len(compiled) == 32
    assert len(operation._variants) <= 16


def test_a_document_that_shares_its_operation_has_its_own_plan() -> None:
    schema = make_schema()._schema
    one = parse("{ people(count: 1) { ...Part } } fragment Part on Person { name }")
    fragment = parse("fragment Part on Person { age }").definitions[0]
    other = DocumentNode(definitions=(one.definitions[0], fragment))

    answers = [
        execute_sync(schema, document, executor_class=ColumnarExecutor).data for document in (one, other)
    ]

    assert answers == [{"people": [{"name": "p0"}]}, {"people": [{"age": 3}]}]


def test_lru() -> None:
    cache: LruCache[str, int] = LruCache(2)
    for key in "ab":
        cache.put(key, ord(key))
    assert cache.get("a") == 97
    cache.put("c", 99)

    assert [cache.get(key) for key in "abc"] == [97, None, 99]
    assert len(cache) == 2


class Watching(SchemaExtension):
    """Notes the document that is executed."""

    documents: list[Any] = []  # noqa: RUF012 - one list for the extensions of all requests

    def on_execute(self) -> Any:
        self.documents.append(self.execution_context.graphql_document)
        yield


@pytest.fixture
def documents() -> list[Any]:
    Watching.documents.clear()
    return Watching.documents


async def test_a_text_gives_the_same_document(documents: list[Any]) -> None:
    cache = OperationCache()
    schema = make_schema(extensions=[cache, Watching])

    for _ in range(3):
        result = await schema.execute("{ people { name } }")
        assert result.errors is None
    assert schema.execute_sync("{ people { name } }").errors is None

    assert len({id(document) for document in documents}) == 1
    assert len(cache) == 1


async def test_invalid_documents_are_refused_each_time() -> None:
    schema = make_schema(extensions=[OperationCache()])

    results = [await schema.execute("{ nobody }") for _ in range(3)]

    assert [[error.message for error in result.errors or []] for result in results] == [
        ["Cannot query field 'nobody' on type 'Query'."]
    ] * 3
    assert results[0].errors is not results[1].errors


async def test_syntax_errors_are_not_kept() -> None:
    cache = OperationCache()
    schema = make_schema(extensions=[cache])

    results = [await schema.execute("{ people {") for _ in range(2)]

    assert all("Syntax Error" in (result.errors or [])[0].message for result in results)
    assert len(cache) == 0


async def test_operations_are_bounded_in_number_and_length(documents: list[Any]) -> None:
    cache = OperationCache(size=2, longest=30)
    schema = make_schema(extensions=[cache, Watching])
    long = "{ people { name } " + "#" * 30 + "\n}"

    for text in ("{ people { a: name } }", "{ people { b: name } }", "{ people { c: name } }", long, long):
        assert (await schema.execute(text)).errors is None

    assert len(cache) == 2
    assert documents[-1] is not documents[-2]


async def test_other_rules_and_options_are_other_operations() -> None:
    cache = OperationCache()
    chosen: list[SchemaExtension] = []
    schema = make_schema(extensions=[lambda: chosen[-1], cache])
    expected = {
        AddValidationRules([NoSchemaIntrospectionCustomRule]): "introspection has been disabled",
        AddValidationRules([]): "None",
        MaxTokensLimiter(3): "Document contains more than 3 tokens",
        MaxTokensLimiter(300): "None",
    }

    for extension, message in expected.items():
        chosen.append(extension)
        assert message in str((await schema.execute("{ __schema { queryType { name } } }")).errors)


async def test_another_schema_validates_for_itself() -> None:
    @strawberry.type(name="Query")
    class Other:
        other: int = 1

    cache = OperationCache()
    schema, other = make_schema(extensions=[cache]), strawberry.Schema(Other, extensions=[cache])

    assert (await schema.execute("{ people { name } }")).errors is None
    assert "Cannot query field 'people'" in str((await other.execute("{ people { name } }")).errors)


async def test_errors_that_another_extension_found_stand() -> None:
    class Refusing(SchemaExtension):
        def on_validate(self) -> Any:
            from graphql import GraphQLError

            self.execution_context.pre_execution_errors = [GraphQLError("refused")]
            yield

    for order in ([Refusing, OperationCache()], [OperationCache(), Refusing]):
        schema = make_schema(extensions=order)
        for _ in range(2):
            result = await schema.execute("{ people { name } }")
            assert [error.message for error in result.errors or []] == ["refused"]


async def test_a_document_set_by_another_extension_stands() -> None:
    class Persisted(SchemaExtension):
        def on_parse(self) -> Any:
            self.execution_context.graphql_document = parse("{ people(count: 1) { name } }")
            yield

    schema = make_schema(extensions=[Persisted, OperationCache()])

    assert (await schema.execute("{ nothing }")).data == {"people": [{"name": "p0"}]}
