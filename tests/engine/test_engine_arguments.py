"""Arguments and variables that are read once for an operation: the same values as graphql-core's."""

from typing import Any

import pytest
import strawberry
from graphql import (
    FieldNode,
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLError,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInt,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLString,
    Undefined,
    get_operation_ast,
    parse,
)
from graphql.execution.values import get_argument_values, get_variable_values
from graphql.type import GraphQLDefaultInput

from ecoctrl_gql.engine import ColumnarExecutor, OperationCache, PreparedSchema
from ecoctrl_gql.engine.arguments import KnownArguments
from ecoctrl_gql.engine.variables import KnownVariables

ANYTHING = GraphQLScalarType("Anything")
COLOUR = GraphQLEnumType("Colour", {"RED": "r", "BLUE": "b"})
POINT: GraphQLInputObjectType = GraphQLInputObjectType(
    "Point",
    lambda: {
        "x": GraphQLInputField(GraphQLNonNull(GraphQLInt)),
        "y": GraphQLInputField(GraphQLInt, default=GraphQLDefaultInput(value=7)),
        "z": GraphQLInputField(GraphQLInt, out_name="height"),
        "next": GraphQLInputField(POINT),
        "tags": GraphQLInputField(GraphQLList(GraphQLNonNull(GraphQLString))),
    },
)
MADE = GraphQLInputObjectType("Made", {"a": GraphQLInputField(GraphQLInt)}, out_type=lambda value: (value,))
EITHER = GraphQLInputObjectType(
    "Either", {"a": GraphQLInputField(GraphQLInt), "b": GraphQLInputField(GraphQLInt)}, is_one_of=True
)
FIELD = GraphQLField(
    GraphQLString,
    {
        "int": GraphQLArgument(GraphQLInt),
        "sure": GraphQLArgument(GraphQLNonNull(GraphQLInt), default=GraphQLDefaultInput(value=3)),
        "colour": GraphQLArgument(COLOUR, out_name="hue"),
        "ints": GraphQLArgument(GraphQLList(GraphQLInt)),
        "points": GraphQLArgument(GraphQLList(POINT)),
        "point": GraphQLArgument(POINT),
        "made": GraphQLArgument(MADE),
        "either": GraphQLArgument(EITHER),
        "any": GraphQLArgument(ANYTHING),
    },
)
SCHEMA = GraphQLSchema(
    GraphQLObjectType("Query", {"field": FIELD}), types=[ANYTHING, COLOUR, POINT, MADE, EITHER]
)
DECLARED = """query (
    $int: Int, $sure: Int!, $with: Int = 5, $colour: Colour, $ints: [Int], $point: Point, $text: String
    $either: Either, $any: Anything
)"""

ARGUMENTS = [
    "",
    "(int: 1)",
    "(int: null)",
    '(int: "no number")',
    "(int: $int)",
    "(int: $with)",
    "(sure: $sure)",
    "(sure: $int)",
    "(colour: RED)",
    "(colour: GREEN)",
    "(colour: $colour)",
    "(ints: [1, 2])",
    "(ints: 1)",
    "(ints: [1, $int, null])",
    "(ints: $ints)",
    "(ints: [$sure, $with])",
    "(point: {x: 1})",
    "(point: {y: 1})",
    "(point: {x: $int})",
    "(point: {x: $sure, y: $int, z: $int})",
    "(point: {x: 1, y: null, z: 3})",
    "(point: {x: 1, unknown: 3})",
    '(point: {x: 1, next: {x: $sure, tags: ["a", $text]}})',
    "(point: {x: 1, tags: $text})",
    "(point: $point)",
    "(points: {x: $int})",
    "(points: [{x: 1}, {x: $with}])",
    "(made: {a: $int})",
    "(either: {a: 1})",
    "(either: {a: $int})",
    "(either: {a: 1, b: 2})",
    "(either: $either)",
    "(any: {a: [1, $int]})",
    "(any: $any)",
]
VALUES: list[dict[str, Any]] = [
    {"sure": 2},
    {"sure": 2, "int": 1, "with": 6, "colour": "BLUE", "ints": [1, None], "text": "t", "any": {"a": 1}},
    {"sure": 2, "int": None, "with": None, "colour": None, "ints": None, "text": None, "any": None},
    {"sure": 2, "ints": 4, "point": {"x": 1, "tags": "a"}, "either": {"b": 1}},
    {"sure": 2, "point": {"x": 1, "next": {"x": 2, "y": None}}},
]
BAD_VALUES: list[dict[str, Any]] = [
    {},
    {"sure": None},
    {"sure": "2"},
    {"sure": 2, "colour": "GREEN"},
    {"sure": 2, "ints": [[1]]},
    {"sure": 2, "point": {"y": 1}},
    {"sure": 2, "point": {"x": 1, "unknown": 1}},
    {"sure": 2, "either": {"a": 1, "b": 2}},
]


def operation(arguments: str = "") -> tuple[Any, FieldNode]:
    node = get_operation_ast(parse(f"{DECLARED} {{ field{arguments} }}"))
    assert node is not None
    (field,) = node.selection_set.selections
    assert isinstance(field, FieldNode)
    return node, field


def outcome(field: FieldNode, variables: Any) -> Any:
    """What graphql-core makes of the arguments; None where it refuses them."""
    try:
        return get_argument_values(FIELD, field, variables)
    except GraphQLError:
        return None


@pytest.mark.parametrize("arguments", ARGUMENTS)
def test_arguments_are_those_of_graphql_core_or_left_to_it(arguments: str) -> None:
    node, field = operation(arguments)
    known, taken = KnownArguments(FIELD, field), 0
    for values in VALUES:
        variables: Any = get_variable_values(SCHEMA, node.variable_definitions, values)
        found, expected = known.of(variables.coerced), outcome(field, variables)
        if found is not None:
            taken += 1
            assert found == expected
            assert list(found) == list(expected)
    left = (
        "null]",
        '"no',
        "GREEN",
        "either: {",
        "any: {",
        "{y: 1}",
        "unknown",
        "points: {",
        "(point: {x: $int})",
    )
    if not any(part in arguments for part in left):
        assert taken, "the usual ways to write arguments must not be left to graphql-core"


def test_lists_and_objects_are_made_anew_for_each_request() -> None:
    _, field = operation("(ints: [1, 2], point: {x: 1, next: {x: 2}})")
    known = KnownArguments(FIELD, field)
    first = known.of({})
    assert first is not None
    first["ints"].append(3)
    first["point"]["next"]["x"] = 4
    assert known.of({}) == {"sure": 3, "ints": [1, 2], "point": {"x": 1, "y": 7, "next": {"x": 2, "y": 7}}}


@pytest.mark.parametrize("values", VALUES)
def test_variables_are_those_of_graphql_core(values: dict[str, Any]) -> None:
    definitions = operation()[0].variable_definitions
    known, expected = (
        KnownVariables(SCHEMA, definitions).coerced(values),
        get_variable_values(SCHEMA, definitions, values),
    )
    assert known is not None
    assert not isinstance(expected, list)
    assert known.coerced == expected.coerced
    assert [(name, source.value) for name, source in known.sources.items()] == [
        (name, source.value) for name, source in expected.sources.items()
    ]


@pytest.mark.parametrize("values", BAD_VALUES)
def test_variables_that_do_not_fit_are_left_to_graphql_core(values: dict[str, Any]) -> None:
    definitions = operation()[0].variable_definitions
    assert isinstance(get_variable_values(SCHEMA, definitions, values), list)
    assert KnownVariables(SCHEMA, definitions).coerced(values) is None


def test_variables_that_are_nested_too_deeply_are_left_to_graphql_core() -> None:
    point: dict[str, Any] = {"x": 1}
    for _ in range(5_000):
        point = {"x": 1, "next": point}
    assert (
        KnownVariables(SCHEMA, operation()[0].variable_definitions).coerced({"sure": 1, "point": point})
        is None
    )


def test_a_default_that_does_not_fit_is_no_known_variable() -> None:
    node = get_operation_ast(parse('query ($n: Int = "x", $m: Missing) { field }'))
    assert node is not None
    for definition in node.variable_definitions or ():
        with pytest.raises((GraphQLError, TypeError)):
            KnownVariables(SCHEMA, [definition])


@strawberry.type
class Query:
    @strawberry.field
    def twice(self, number: int, word: str | None = "w") -> str:
        return f"{number * 2} {word}"


@pytest.mark.parametrize(
    ("query", "variables", "name"),
    [
        ("query ($n: Int!) { twice(number: $n) }", {"n": 2}, None),
        ("query ($n: Int!) { twice(number: $n) }", {"n": "2"}, None),
        ("query ($n: Int!) { twice(number: $n) }", {}, None),
        ("query ($n: Int!) { twice(number: $n) }", None, None),
        ("query ($n: Int = 4, $w: String) { twice(number: $n, word: $w) }", {}, None),
        ("query ($n: Int = 4, $w: String) { twice(number: $n, word: $w) }", {"n": None, "w": None}, None),
        ("query A { twice(number: 1) } query B { twice(number: 2) }", None, "B"),
        ("query A { twice(number: 1) } query B { twice(number: 2) }", None, None),
        ("{ ...F } fragment F on Query { twice(number: 1) }", None, None),
    ],
)
async def test_a_known_text_is_answered_as_an_unknown_one(
    query: str, variables: dict[str, Any] | None, name: str | None
) -> None:
    schema = PreparedSchema(Query, execution_context_class=ColumnarExecutor, extensions=[OperationCache()])
    answers = [await schema.execute(query, variable_values=variables, operation_name=name) for _ in range(3)]
    told = [(answer.data, [error.message for error in answer.errors or ()]) for answer in answers]
    assert told[1:] == told[:1] * 2
    assert Undefined not in (answers[0].data or {}).values()
