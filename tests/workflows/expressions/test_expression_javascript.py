"""Expressions mean what the same text means to a real JavaScript engine."""

import math
import random
import shutil
import struct
from datetime import UTC, datetime

import pytest
from javascript import DATA, Writer, answers_of_node, told

from ecoctrl_gql.workflows.expressions import ExpressionError, Scope, compile_expression, recorded
from ecoctrl_gql.workflows.expressions.run import Run

ENVIRONMENT = recorded(datetime(2026, 5, 15, 8, tzinfo=UTC))
SCOPE = Scope(
    trigger=DATA["trigger"],
    nodes={"fetch": DATA["fetch"]},
    variables={name: value for name, value in DATA.items() if name not in {"trigger", "fetch"}},
)


def our_answer(text: str) -> list:
    try:
        return told(compile_expression(text).value(Run(SCOPE, ENVIRONMENT)))
    except ExpressionError as error:
        return ["error"] if "can't stand here" not in error.reason else ["syntax error"]


needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="no Node here to compare with")


@needs_node
@pytest.mark.parametrize("seed", [20260515, 1, 2])
def test_random_expressions_give_what_node_gives(seed):
    writer = Writer(seed)
    pairs = [writer.expression() for _ in range(2000)]
    theirs = answers_of_node(shutil.which("node"), [pair[1] for pair in pairs])

    differences = [
        (ours, our_answer(ours), their_answer)
        for (ours, _), their_answer in zip(pairs, theirs, strict=True)
        if our_answer(ours) != their_answer
    ]

    assert not differences
    valued = [answer for answer in theirs if answer[0] not in {"error", "syntax error", "undefined"}]
    assert len(valued) > 800  # enough of them say something


def any_double(random_: random.Random) -> float:
    number = struct.unpack("d", random_.randbytes(8))[0]
    return abs(number) if math.isfinite(number) else 0.5


@needs_node
@pytest.mark.parametrize(
    "method", ["toString()", "toFixed(0)", "toFixed(3)", "toPrecision(1)", "toPrecision(17)"]
)
def test_numbers_have_the_texts_that_node_gives(method):
    random_ = random.Random(method)
    numbers = [any_double(random_) for _ in range(300)]
    numbers += [
        round(random_.uniform(0, 2000), random_.randrange(4)) + 0.5 ** random_.randrange(20)
        for _ in range(300)
    ]
    expressions = [f"({number!r}).{method}" for number in numbers]

    assert [our_answer(text) for text in expressions] == answers_of_node(shutil.which("node"), expressions)
