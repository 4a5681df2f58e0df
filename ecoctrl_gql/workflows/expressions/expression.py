"""Expressions: compiled once, worked out often."""

from collections.abc import Container
from functools import cached_property, lru_cache
from typing import Any

from ecoctrl_gql.workflows.expressions import machine, node_names
from ecoctrl_gql.workflows.expressions.coercion import to_json
from ecoctrl_gql.workflows.expressions.compiler import compiled
from ecoctrl_gql.workflows.expressions.environment import Environment
from ecoctrl_gql.workflows.expressions.errors import ExpressionError
from ecoctrl_gql.workflows.expressions.machine import Code
from ecoctrl_gql.workflows.expressions.run import Run
from ecoctrl_gql.workflows.expressions.scope import NAMESPACES, Scope
from ecoctrl_gql.workflows.expressions.syntax import check_length
from ecoctrl_gql.workflows.expressions.values import Value, truthy

KEPT = 512
"""Compiled expressions that are remembered; the largest takes about half a megabyte."""


class Expression:
    """
    A text in the language, ready to be worked out.

    Attributes:
        text: As it was written.
    """

    def __init__(self, text: str, code: Code) -> None:
        self.text = text
        self._code = code

    def evaluate(self, scope: Scope, environment: Environment) -> Any:
        """
        The value, as JSON has it: null for undefined and NaN.

        Raises:
            ExpressionError: There is none, or it costs too much.
        """
        run = Run(scope, environment)
        return to_json(run.meter, self.value(run))

    def holds(self, scope: Scope, environment: Environment) -> bool:
        """
        Whether the value counts as true.

        Raises:
            ExpressionError: There is none, or it costs too much.
        """
        return truthy(self.value(Run(scope, environment)))

    def value(self, run: Run) -> Value:
        """
        The value in the language, where undefined, NaN and null differ; part of a run that others may share.

        Raises:
            ExpressionError: There is none, or it costs too much.
        """
        return machine.execute(self._code, run, self.text)

    @cached_property
    def names_used(self) -> frozenset[str]:
        """The names that it looks up, such as ``trigger``, ``fetch``, ``vars.limit`` and ``secret.key``."""
        return frozenset(name for name, _ in self.names_at)

    @cached_property
    def names_at(self) -> tuple[tuple[str, int], ...]:
        """The same, each with its place, in the order of the text."""
        names = []
        for place, step in enumerate(self._code):
            if step.work is machine.look_up:
                following = self._code[place + 1 : place + 2]
                members = [each.argument for each in following if each.work is machine.member]
                scoped = step.argument in NAMESPACES and members
                names.append((".".join([step.argument, *members]) if scoped else step.argument, step.offset))
        return tuple(sorted(names, key=lambda name: name[1]))


def compile_expression(text: str, node_ids: Container[str] = ()) -> Expression:
    """
    Compile an expression, or take it from those compiled lately.

    Args:
        text: Such as ``fetch.body.kwh > 500``.
        node_ids: Ids that are meant where they stand although they have hyphens, such as ``http-1``.

    Raises:
        ExpressionError: It is no expression, or asks for all secrets at once; the place is told.
    """
    check_length(text)
    return _remembered(node_names.marked(text, node_ids))


@lru_cache(KEPT)
def _remembered(marked: str) -> Expression:
    text = node_names.plain(marked)
    try:
        expression = Expression(text, compiled(marked))
        _check_secrets(expression)
    except ExpressionError as error:
        error.within(text, 0)
        raise
    return expression


def _check_secrets(expression: Expression) -> None:
    """The names of secrets that a workflow uses can be told from its text, and none shows them all."""
    for name, offset in expression.names_at:
        if name == "secret":
            error = ExpressionError("Secrets can only be read one by one", "Write secret.NAME.")
            raise error.at(expression.text, offset)
