"""
A compiled expression, and the machine that works it out.

Code is a flat list of steps over a stack, and steps can only skip forwards: it ends after at most as many
steps as there are, and no nesting of the text can exhaust Python's own stack.
"""

from collections.abc import Callable
from typing import Any, NamedTuple, TypeAlias

from ecoctrl_gql.workflows.expressions.coercion import text
from ecoctrl_gql.workflows.expressions.errors import ExpressionError
from ecoctrl_gql.workflows.expressions.functions import FUNCTIONS
from ecoctrl_gql.workflows.expressions.limits import VALUE_COST
from ecoctrl_gql.workflows.expressions.methods import call_method
from ecoctrl_gql.workflows.expressions.operators import BINARY, UNARY
from ecoctrl_gql.workflows.expressions.run import Run
from ecoctrl_gql.workflows.expressions.values import UNDEFINED, Value, adopt, truthy

Stack: TypeAlias = list[Value]


class Step(NamedTuple):
    """
    One step.

    Attributes:
        work: Does it; gives how many of the next steps to skip.
        argument: What the text says of it.
        offset: Where it stands in the text.
    """

    work: Callable[[Run, Stack, Any], int]
    argument: Any
    offset: int


Code: TypeAlias = list[Step]


def execute(code: Code, run: Run, source: str) -> Value:
    """
    The value of an expression.

    Raises:
        ExpressionError: It has none; the place in the source is told.
    """
    stack: Stack = []
    position = 0
    try:
        run.meter.spend(VALUE_COST * len(code))
        while position < len(code):
            step = code[position]
            position += 1 + step.work(run, stack, step.argument)
    except ExpressionError as error:
        error.at(source, code[position].offset)
        raise
    return stack.pop()


def push(_: Run, stack: Stack, value: Value) -> int:
    stack.append(value)
    return 0


def look_up(run: Run, stack: Stack, name: str) -> int:
    stack.append(run.scope.value_of(name))
    return 0


def member(_: Run, stack: Stack, name: str) -> int:
    stack[-1] = member_of(stack[-1], name)
    return 0


def index(run: Run, stack: Stack, _: object) -> int:
    key = stack.pop()
    stack[-1] = member_of(stack[-1], text(run.meter, key))
    return 0


def member_of(value: Value, name: str) -> Value:
    """An object's member, an item, a character or a length; undefined where there is none."""
    if isinstance(value, dict):
        return adopt(value.get(name, UNDEFINED))
    if not isinstance(value, list | str):
        return UNDEFINED
    if name == "length":
        return len(value)
    # the places that JavaScript knows: 0, 1, 2 without sign, space or zeros in front
    place = int(name) if len(name) < 10 and name.isascii() and name.isdigit() else -1
    return adopt(value[place]) if str(place) == name and 0 <= place < len(value) else UNDEFINED


def gather(_: Run, stack: Stack, count: int) -> int:
    stack.append(_popped(stack, count))
    return 0


def unary(run: Run, stack: Stack, operator: str) -> int:
    stack[-1] = UNARY[operator](run.meter, stack[-1])
    return 0


def binary(run: Run, stack: Stack, operator: str) -> int:
    right = stack.pop()
    stack[-1] = BINARY[operator](run.meter, stack[-1], right)
    return 0


def call(run: Run, stack: Stack, argument: tuple[str, int]) -> int:
    name, count = argument
    stack.append(FUNCTIONS[name](run, _popped(stack, count)))
    return 0


def call_on(run: Run, stack: Stack, argument: tuple[str, int]) -> int:
    name, count = argument
    arguments = _popped(stack, count)
    stack[-1] = call_method(run, name, stack[-1], arguments)
    return 0


def skip(_: Run, __: Stack, count: int) -> int:
    return count


def skip_unless(_: Run, stack: Stack, count: int) -> int:
    return 0 if truthy(stack.pop()) else count


def keep_if_false(_: Run, stack: Stack, count: int) -> int:
    """The left side of ``&&`` is the result, or is dropped for the right side."""
    if not truthy(stack[-1]):
        return count
    stack.pop()
    return 0


def keep_if_true(_: Run, stack: Stack, count: int) -> int:
    """The left side of ``||`` is the result, or is dropped for the right side."""
    if truthy(stack[-1]):
        return count
    stack.pop()
    return 0


def _popped(stack: Stack, count: int) -> list[Value]:
    taken = stack[len(stack) - count :]
    del stack[len(stack) - count :]
    return taken
