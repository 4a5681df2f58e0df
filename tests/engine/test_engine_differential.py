"""The same operations on stock execution and on the engine: the same data, errors and effects."""

import pytest
from engine_support import Pair, PlanCounter
from engine_tricky_schema import Mutation, Query
from graphql import get_introspection_query

ROW = "id name size amount flag at day key level status"

OPERATIONS: dict[str, str | tuple[str, dict[str, object]]] = {
    "plain fields": f"{{ rows {{ {ROW} }} }}",
    "plain fields of awaited rows": f"{{ rowsLater {{ {ROW} }} }}",
    "one object": f"{{ row {{ {ROW} }} }}",
    "no rows": "{ rows(count: 0) { id children { id } } }",
    "an unset slot": "{ rows { id extra } }",
    "resolvers": '{ rows { shout shouted: shout(suffix: "?") } }',
    "async resolvers": "{ rows { later } }",
    "several async resolvers": "{ rows { later again: later failsLater } rowsLater { later } }",
    "paths": "{ rows { path children { path } } row { path } lists { rows { path } } }",
    "errors in some rows": "{ rows { id failsInOdd } }",
    "an async error in a non-null field": "{ rows { id failsLater } }",
    "null for a non-null field": "{ rows { required } }",
    "null for a non-null field below nullable": "{ row { children(count: 4) { required } } fails }",
    "nested lists of rows": "{ rows { children(count: 3) { id childrenLater { id shout } } } }",
    "nullable objects": "{ rows { maybe { id maybe { id } } } }",
    "errors at several levels": (
        "{ rows { failsInOdd children(count: 4) { id failsInOdd } maybe { failsInOdd } } }"
    ),
    "root errors": "{ fails failsLater returnsError undefined row { id } }",
    "a required root field": "{ row { id } required }",
    "a required root object": "{ row { id } requiredRow { id } }",
    "odd ints": "{ leaves { ints } }",
    "odd floats": "{ leaves { floats } }",
    "whole floats": "{ leaves { wholeFloats tooLargeFloats } }",
    "odd strings": "{ leaves { strings } }",
    "odd booleans": "{ leaves { flags } }",
    "odd ids": "{ leaves { ids numberIds uuidIds } }",
    "enums": "{ leaves { levels plainLevels unknownLevels statuses } }",
    "times": "{ leaves { times oddTimes days clock } }",
    "uuids and decimals": "{ leaves { uuids amounts } }",
    "generators": "{ lists { generated } }",
    "a generator that fails": "{ lists { brokenGenerator } }",
    "async iterables": "{ lists { streamed generated } }",
    "an async iterable that fails": "{ lists { brokenStream } }",
    "lists of lists": "{ lists { nested nestedRequired } }",
    "what is no list": "{ lists { noList textIsNoList mappingIsNoList } }",
    "awaitable items": "{ lists { awaitableItems } }",
    "lists of lists of rows": "{ lists { rows { id children { id } } tupleOfRows { id } } }",
    "gaps in rows": "{ lists { rowsWithGaps { id shout } } }",
    "a null in required rows": "{ lists { rowsWithNull { id } } }",
    "unions": "{ things { __typename ... on Cat { name lives } ... on Stone { weight } } }",
    "unions without a matching part": "{ things { ... on Dog { good greeting } } }",
    "values of no union member": "{ wrongThings { __typename } }",
    "interfaces": "{ named { __typename name greeting ... on Dog { good } ... on Cat { lives } } }",
    "awaited interfaces": "{ namedLater { name ... on Dog { good } } }",
    "the same type through two interfaces": (
        "{ named { ... on Cat { lives } } things { ... on Cat { lives } } }"
    ),
    "a value of another type": "{ catsAndNot { name } }",
    "typename alone": "{ __typename row { __typename } rows { __typename } }",
    "everything skipped": "{ row { id @skip(if: true) } rows { id @include(if: false) } }",
    "aliases": "{ a: rows(count: 1) { x: id y: id } b: rows(count: 2) { id } }",
    "merged fields": (
        "{ rows { id } rows { name } ...More } fragment More on Query { rows { size children { id } } }"
    ),
    "fragments": (
        "{ rows { ...Part } } fragment Part on Row { id ...Deep } fragment Deep on Row { children { id } }"
    ),
    "variables in directives": (
        (
            "query ($yes: Boolean!, $no: Boolean!) { row { id @include(if: $no) name @skip(if: "
            "$no) size @skip(if: $yes) } }"
        ),
        {"yes": True, "no": False},
    ),
    "arguments": (
        (
            "query ($n: Int, $w: Range, $l: Level!, $d: DateTime) { echo(number: $n, within: $w, "
            "level: $l, when: $d) }"
        ),
        {"n": 3, "w": {"low": 2, "tags": ["a"]}, "l": "HIGH", "d": "2026-01-02T03:04:05+00:00"},
    ),
    "argument literals": (
        '{ echo(number: 3, within: {high: 4, tags: []}, level: HIGH, numbers: [1, 2], text: "t") }'
    ),
    "left out variables": ("query ($n: Int, $t: String) { echo(number: $n, text: $t) }", {}),
    "null for a required argument": ("query ($n: Int) { rows { id } echo(number: $n) }", {"n": None}),
    "null for a required argument below a list": (
        "query ($n: Int = 1) { rows { id children(count: $n) { id } } }",
        {"n": None},
    ),
    "null for a condition below an interface": (
        "query ($yes: Boolean = true) { named { name @include(if: $yes) } }",
        {"yes": None},
    ),
    "an invalid variable": ("query ($n: Int) { echo(number: $n) }", {"n": "many"}),
    "info": ("query Named($v: Int = 4) { about(unused: $v) other: about }", {}),
    "info below lists": (
        "query Named($v: Int = 4) { rows { about(unused: $v) children { ...Part } } } "
        "fragment Part on Row { other: about @include(if: true) }"
    ),
    "an unknown field": "{ nothing }",
    "a syntax error": "{ rows {",
    "introspection": get_introspection_query(),
    "mutations in order": (
        "mutation { first second again: first(wait: 1) rows { id later children { id } } last: second }"
    ),
    "a failing mutation": "mutation { first fails second }",
    "a failing required mutation": "mutation { second failsRequired first }",
}

# Stock execution reports errors when they happen; the engine in the order of the answer.
OTHER_ORDER = {"root errors"}


@pytest.fixture(scope="module")
def pair() -> Pair:
    return Pair(query=Query, mutation=Mutation)


@pytest.mark.parametrize("name", OPERATIONS)
async def test_same_answer_as_stock(pair: Pair, name: str) -> None:
    operation = OPERATIONS[name]
    query, variables = operation if isinstance(operation, tuple) else (operation, None)

    stock, columnar = await pair.run(query, variables)

    assert columnar.data == stock.data
    assert columnar.error_set == stock.error_set
    assert len(columnar.errors) == len(stock.errors)
    assert (columnar.errors == stock.errors) is (name not in OTHER_ORDER)
    if query.startswith("mutation"):
        assert columnar.log == stock.log
    else:
        assert sorted(columnar.log) == sorted(stock.log)


async def test_operations_run_on_plans(pair: Pair, plans: PlanCounter) -> None:
    for operation in OPERATIONS.values():
        query, variables = operation if isinstance(operation, tuple) else (operation, None)
        await pair.run(query, variables)

    assert plans.planned == len(OPERATIONS) - 3  # three never get as far as being executed
    assert plans.left_to_stock == 0
