"""Turns the text of an expression into code."""

from collections.abc import Callable
from typing import Any, Final, TypeAlias

from lark import Token, Transformer, v_args

from ecoctrl_gql.workflows.expressions import machine, node_names
from ecoctrl_gql.workflows.expressions.errors import ExpressionError
from ecoctrl_gql.workflows.expressions.functions import FUNCTIONS
from ecoctrl_gql.workflows.expressions.literals import text_of_literal
from ecoctrl_gql.workflows.expressions.machine import Code, Stack, Step
from ecoctrl_gql.workflows.expressions.methods import METHODS
from ecoctrl_gql.workflows.expressions.run import Run
from ecoctrl_gql.workflows.expressions.syntax import parse
from ecoctrl_gql.workflows.expressions.values import UNDEFINED, Value

CONSTANTS: Final[dict[str, Value]] = {
    "true": True,
    "false": False,
    "null": None,
    "undefined": UNDEFINED,
    "NaN": float("nan"),
    "Infinity": float("inf"),
}

Arguments: TypeAlias = list[Code]


@v_args(inline=True)
class Compiler(Transformer[Token, Code]):
    """Each rule of the grammar as code; a part's code is only used once, so that it can grow in place."""

    def number(self, token: Token) -> Code:
        return [_step(machine.push, float(token), token)]

    def string(self, token: Token) -> Code:
        try:
            return [_step(machine.push, text_of_literal(token), token)]
        except ExpressionError as error:
            raise _at(error, token) from error

    def name(self, token: Token) -> Code:
        name = node_names.plain(token)
        if name == "this":
            raise _at(ExpressionError("There is no this here", "Name the node or variable."), token)
        if name in CONSTANTS:
            return [_step(machine.push, CONSTANTS[name], token)]
        return [_step(machine.look_up, name, token)]

    def member(self, value: Code, token: Token) -> Code:
        value.append(_step(machine.member, node_names.plain(token), token))
        return value

    def index(self, value: Code, bracket: Token, key: Code) -> Code:
        if len(key) == 1 and key[0].work is machine.push and isinstance(key[0].argument, str):
            value.append(_step(machine.member, key[0].argument, bracket))
        else:
            value += [*key, _step(machine.index, None, bracket)]
        return value

    def array(self, bracket: Token, items: Arguments) -> Code:
        return [*_joined(items), _step(machine.gather, len(items), bracket)]

    def unary(self, operator: Token, value: Code) -> Code:
        value.append(_step(machine.unary, str(operator), operator))
        return value

    def binary(self, left: Code, operator: Token, right: Code) -> Code:
        left += right
        left.append(_step(machine.binary, str(operator), operator))
        return left

    def and_(self, left: Code, right: Code) -> Code:
        left.append(Step(machine.keep_if_false, len(right), 0))
        left += right
        return left

    def or_(self, left: Code, right: Code) -> Code:
        left.append(Step(machine.keep_if_true, len(right), 0))
        left += right
        return left

    def conditional(self, condition: Code, positive: Code, negative: Code) -> Code:
        condition.append(Step(machine.skip_unless, len(positive) + 1, 0))
        condition += positive
        condition.append(Step(machine.skip, len(negative), 0))
        condition += negative
        return condition

    def call(self, name: Token, arguments: Arguments) -> Code:
        if name == "if":
            missing: Arguments = [[Step(machine.push, UNDEFINED, 0)] for _ in range(3 - len(arguments))]
            condition, positive, negative, *_ = arguments + missing
            return self.conditional(condition, positive, negative)
        if name not in FUNCTIONS:
            hint = f"The functions are {', '.join(sorted([*FUNCTIONS, 'if']))}."
            raise _at(ExpressionError(f"There is no function {name[:40]}()", hint), name)
        return [*_joined(arguments), _step(machine.call, (str(name), len(arguments)), name)]

    def method(self, value: Code, name: Token, arguments: Arguments) -> Code:
        if name not in METHODS:
            hint = f"The methods are {', '.join(METHODS)}."
            raise _at(ExpressionError(f"There is no method {name[:40]}()", hint), name)
        value += _joined(arguments)
        value.append(_step(machine.call_on, (str(name), len(arguments)), name))
        return value

    def arguments(self, *arguments: Code) -> Arguments:
        return [*arguments]


COMPILER: Final = Compiler()


def compiled(text: str) -> Code:
    """
    The code of an expression in whose text the ids of nodes are marked.

    Raises:
        ExpressionError: It is no expression.
    """
    code: Code = parse(text, COMPILER)
    return code


def _step(work: Callable[[Run, Stack, Any], int], argument: Value, token: Token) -> Step:
    return Step(work, argument, token.start_pos or 0)


def _at(error: ExpressionError, token: Token) -> ExpressionError:
    # the text is told further out, where it is known
    return error.at("", token.start_pos or 0)


def _joined(parts: Arguments) -> Code:
    return [step for part in parts for step in part]
