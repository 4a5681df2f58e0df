"""No text and no data makes an evaluation slow, large, or fail in another way than with its own error."""

from datetime import UTC, datetime
from typing import Any

import pytest

from ecoctrl_gql.workflows.expressions import ExpressionError, Scope, compile_expression, recorded
from ecoctrl_gql.workflows.expressions.limits import MAX_DEPTH, MAX_SOURCE

ENVIRONMENT = recorded(datetime(2026, 5, 15, tzinfo=UTC))

TOO_LONG = "The text would have {} characters; 1000000 are the most"
TOO_MUCH = "This takes more work than one evaluation may do"
TOO_DEEP = f"Lists and objects lie in each other more than {MAX_DEPTH} deep"


def nested(depth: int) -> dict[str, Any]:
    top: dict[str, Any] = {}
    inner = top
    for _ in range(depth):
        inner["next"] = inner = {}
    return top


CIRCLE: list[Any] = []
CIRCLE.append(CIRCLE)

SCOPE = Scope(
    variables={
        "megabyte": "a" * 1_000_000,
        "backwards": "b" + "a" * 499_999,
        "digits": "1" * 1_000_000 + "x",
        "quotes": '"' * 600_000,
        "rows": [{"key": index, "value": "x"} for index in range(100_000)],
        "numbers": list(range(200_000)),
        "nested": nested(100_000),
        "circle": CIRCLE,
        "enormous": 10**5000,
    }
)


def evaluated(text: str) -> Any:
    return compile_expression(text).evaluate(SCOPE, ENVIRONMENT)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(" * 2_400 + "1" + ")" * 2_400, 1),
        ("!" * 4_000 + "1", True),
        ("- " * 2_400 + "1", 1),
        ("1?" * 1_000 + "2" + ":3" * 1_000, 2),
        ("0||" * 1_600 + "4", 4),
        ("1&&" * 1_600 + "5", 5),
        ("1+" * 2_400 + "1", 2_401),
        ("nobody" + ".a" * 2_400, None),
        ("nobody" + "[0]" * 1_600, None),
        ("coalesce(" * 400 + "6" + ")" * 400, 6),
        ("a-" * 2_000 + "a", None),
        ("numbers.includes(-1)", False),
        ("megabyte.lastIndexOf(backwards)", -1),
        ("megabyte.indexOf(backwards)", -1),
        ("digits - 1", None),
        ("parseInt('9'.repeat(900000), 7)", None),
        ("parseInt(digits)", None),
        ("enormous + 1", None),
        ("enormous + ''", "Infinity"),
        ("map(rows, 'key', 'value')['99999']", "x"),
        ("megabyte.match('a*$').length", 1),
    ],
)
def test_large_texts_and_data_are_worked_out(text, expected):
    assert evaluated(text) == expected


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (
            "(" * 10_000 + "1" + ")" * 10_000,
            f"The expression has 20001 characters; {MAX_SOURCE} are the most",
        ),
        ("x" * 1_000_000, f"The expression has 1000000 characters; {MAX_SOURCE} are the most"),
        ("a-" * 500_000 + "a", f"The expression has 1000001 characters; {MAX_SOURCE} are the most"),
        ("[" * 2_400 + "]" * 2_400, TOO_DEEP),
        ("[" * 2_000 + "]" * 2_000 + "+''", TOO_DEEP),
        ("(" * 4_000, "The expression ends too early"),
        ('"' + '\\"' * 2_000, "\" can't stand here"),
        ("'a'.repeat(1e9)", TOO_LONG.format(1_000_000_000)),
        ("'a'.padStart(1e9)", TOO_LONG.format(1_000_000_000)),
        ("'a'.padEnd(2000000, 'xyz')", TOO_LONG.format(2_000_000)),
        ("'a'" + ".repeat(10)" * 300, TOO_LONG.format(10_000_000)),
        ("megabyte + 'b'", TOO_LONG.format(1_000_001)),
        ("megabyte.replace('a', '$&$`$\\'')", TOO_LONG.format(1_999_999)),
        ("megabyte.concat(megabyte)", TOO_LONG.format(2_000_000)),
        ("json(quotes)", TOO_LONG.format(1_200_002)),
        ("json([" + "megabyte," * 500 + "1])", TOO_LONG.format(500_000_000)),
        ("numbers.includes(NaN)||" * 200 + "1", TOO_MUCH),
        ("megabyte.split('')", TOO_MUCH),
        ("[megabyte, megabyte, megabyte, megabyte, megabyte] + ''", TOO_MUCH),
        ("[numbers, numbers, numbers]", TOO_MUCH),
        ("numbers.concat(numbers, numbers)", TOO_MUCH),
        ("[rows, rows, rows] + ''", TOO_MUCH),
        ("megabyte.includes('b')||" * 150 + "1", TOO_MUCH),
        ("[" + ",".join(["megabyte == megabyte.concat('')"] * 100) + "]", TOO_MUCH),
        ("megabyte.match('(?:a?){200}a{200}')", TOO_MUCH),
        ("'a'.match('" + "a" * 501 + "')", "A pattern has at most 500 characters, this one 501"),
        ("now('Y'.repeat(1000))", "A date format has at most 200 characters, not 1000"),
        ("circle", TOO_DEEP),
        ("'' + circle", TOO_DEEP),
        ("json(circle)", TOO_DEEP),
        ("nested", TOO_DEEP),
        ("nested + ''", TOO_DEEP),
    ],
)
def test_what_costs_too_much_is_refused(text, reason):
    with pytest.raises(ExpressionError) as caught:
        evaluated(text)

    assert caught.value.reason == reason


def test_a_deep_list_within_the_limit_is_an_answer():
    answer = evaluated("[" * MAX_DEPTH + "7" + "]" * MAX_DEPTH)

    for _ in range(MAX_DEPTH):
        [answer] = answer
    assert answer == 7
