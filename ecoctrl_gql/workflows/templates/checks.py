"""What is wrong with a text's templates before they are filled."""

from collections.abc import Container

from ecoctrl_gql.workflows.expressions.checks import Problem, faults, problem_of
from ecoctrl_gql.workflows.expressions.errors import ExpressionError
from ecoctrl_gql.workflows.templates.pieces import Template, pieces


def check(text: str, known_names: Container[str]) -> list[Problem]:
    """
    The problems of a text's templates, in its order; their places are those in the whole text.

    Args:
        text: The text; one without templates has no problems.
        known_names: As for expressions.
    """
    try:
        templates = [piece for piece in pieces(text) if isinstance(piece, Template)]
    except ExpressionError as error:
        return [problem_of(error, "error")]
    return [
        problem_of(error.within(text, template.start), severity)
        for template in templates
        for error, severity in faults(template.source, known_names)
    ]
