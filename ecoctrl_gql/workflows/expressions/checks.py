"""What is wrong with an expression before it runs."""

from collections.abc import Container
from dataclasses import dataclass
from typing import Literal, TypeAlias

from ecoctrl_gql.workflows.expressions.errors import ExpressionError
from ecoctrl_gql.workflows.expressions.expression import Expression, compile_expression
from ecoctrl_gql.workflows.expressions.scope import OFFERED_SETTINGS, RESERVED

Severity: TypeAlias = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Problem:
    """
    Something to tell the author.

    Attributes:
        severity: An error can't run; a warning runs, but hardly as meant.
        message: What is wrong, without a full stop.
        hint: What to write instead, as a sentence; may be empty.
        offset: Where in the text, as the number of characters before it.
        line: The same, counted from one.
        column: The same, counted from one in characters.
    """

    severity: Severity
    message: str
    hint: str
    offset: int
    line: int
    column: int


def check(text: str, known_names: Container[str]) -> list[Problem]:
    """
    The problems of an expression, in the order of the text.

    Args:
        text: The expression.
        known_names: Ids of nodes and names of variables, and dotted ``secret.NAME`` and ``var.NAME``; a set,
            where many texts are checked.
    """
    return [problem_of(error, severity) for error, severity in faults(text, known_names)]


def faults(text: str, known_names: Container[str]) -> list[tuple[ExpressionError, Severity]]:
    """The same as errors, which can be moved to a place in a longer text."""
    try:
        expression = compile_expression(text, known_names)
    except ExpressionError as error:
        return [(error, "error")]
    return [(fault, "warning") for fault in _unknown(expression, known_names)]


def problem_of(error: ExpressionError, severity: Severity) -> Problem:
    return Problem(severity, error.reason, error.hint, error.offset or 0, error.line, error.column)


def _unknown(expression: Expression, known_names: Container[str]) -> list[ExpressionError]:
    return [
        ExpressionError(reason, _hint(expression.text, offset)).at(expression.text, offset)
        for name, offset in expression.names_at
        if (reason := _reason(name, known_names))
    ]


def _reason(name: str, known_names: Container[str]) -> str:
    namespace, _, member = name.partition(".")
    if name in known_names or name in RESERVED:
        return ""
    match namespace:
        case "env":
            return "" if member in OFFERED_SETTINGS else f"No setting {member} is offered to workflows"
        case "var":
            return "" if member in OFFERED_SETTINGS else f"The workflow has no constant {member}"
        case "vars":
            return "" if member in known_names else f"No node sets a variable {member}"
        case "secret":
            return f"The workflow has no secret {member}"
        case _:
            return f"No node or variable is called {name}"


def _hint(text: str, offset: int) -> str:
    if text[max(offset - 1, 0)] == "-" and text[: offset - 1][-1:].isalnum():
        return "A member with a hyphen is written in brackets: trigger['content-type']."
    return "It is empty here."
