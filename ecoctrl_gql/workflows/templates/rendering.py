"""Fills the templates of a value."""

from collections.abc import Container, Iterator
from typing import Any

from ecoctrl_gql.workflows.expressions.coercion import filled_text, to_json
from ecoctrl_gql.workflows.expressions.environment import Environment
from ecoctrl_gql.workflows.expressions.errors import ExpressionError
from ecoctrl_gql.workflows.expressions.expression import compile_expression
from ecoctrl_gql.workflows.expressions.limits import VALUE_COST, check_depth
from ecoctrl_gql.workflows.expressions.run import Run
from ecoctrl_gql.workflows.expressions.scope import Scope
from ecoctrl_gql.workflows.expressions.values import UNDEFINED, Value, adopt
from ecoctrl_gql.workflows.templates.pieces import OPENING, Template, pieces


def render(value: Any, scope: Scope, environment: Environment) -> Any:
    """
    A copy of a value, in all of whose texts the templates are filled; keys stay as they are.

    Raises:
        ExpressionError: A template can't be read or worked out, or all of them cost too much; its ``path``
            tells which.
    """
    return _rendered(value, Run(scope, environment), 0)


def names_used(value: Any, node_ids: Container[str] = ()) -> frozenset[str]:
    """
    The names that the templates of a value look up.

    Raises:
        ExpressionError: A template can't be read.
    """
    return frozenset().union(
        *(
            compile_expression(piece.source, node_ids).names_used
            for text in _texts(value, 0)
            for piece in pieces(text)
            if isinstance(piece, Template)
        )
    )


def _rendered(value: Any, run: Run, depth: int) -> Any:
    value = adopt(value)
    match value:
        case str():
            return _filled(value, run) if OPENING in value else value
        case list():
            check_depth(depth)
            run.meter.spend(VALUE_COST * len(value))
            return [_at(index, item, run, depth) for index, item in enumerate(value)]
        case dict():
            check_depth(depth)
            run.meter.spend(VALUE_COST * len(value))
            return {key: _at(key, item, run, depth) for key, item in value.items()}
        case _:
            return to_json(run.meter, value)


def _at(key: str | int, value: Any, run: Run, depth: int) -> Any:
    try:
        return _rendered(value, run, depth + 1)
    except ExpressionError as error:
        error.path = (key, *error.path)
        raise


def _filled(text: str, run: Run) -> Any:
    run.meter.spend(len(text))
    match pieces(text):
        case [Template() as template]:
            value = _value(template, text, run)
            return "" if value is UNDEFINED else to_json(run.meter, value)
        case several:
            filled = [
                filled_text(run.meter, _value(each, text, run)) if isinstance(each, Template) else each
                for each in several
            ]
            run.meter.produce(sum(map(len, filled)))
            return "".join(filled)


def _value(template: Template, text: str, run: Run) -> Value:
    try:
        return compile_expression(template.source, run.scope).value(run)
    except ExpressionError as error:
        error.within(text, template.start)
        raise


def _texts(value: Any, depth: int) -> Iterator[str]:
    check_depth(depth)
    match value:
        case str():
            yield value
        case list() | dict():
            for item in value.values() if isinstance(value, dict) else value:
                yield from _texts(item, depth + 1)
