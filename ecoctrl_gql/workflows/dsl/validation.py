"""Everything that is wrong with a workflow document, at once."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ecoctrl_gql.errors import BadInputError
from ecoctrl_gql.workflows.dsl.checks.graphs import check_graph
from ecoctrl_gql.workflows.dsl.checks.names import Names, check_names, names_of
from ecoctrl_gql.workflows.dsl.checks.texts import TextChecker
from ecoctrl_gql.workflows.dsl.checks.ways import check_ways
from ecoctrl_gql.workflows.dsl.document import Document, Graph
from ecoctrl_gql.workflows.dsl.limits import check_limits
from ecoctrl_gql.workflows.dsl.problems import Problem, Problems, Severity
from ecoctrl_gql.workflows.dsl.reading import Reader, TooManyPartsError


@dataclass(frozen=True, slots=True)
class Validation:
    """
    What was found in a document.

    Attributes:
        document: The workflow; None where there is an error.
        problems: What is wrong, in the order of the document; the first thousand.
        error_count: How many errors there are in all.
        warning_count: How many warnings there are in all.
    """

    document: Document | None
    problems: list[Problem]
    error_count: int
    warning_count: int

    @property
    def valid(self) -> bool:
        """Whether there is no error."""
        return self.error_count == 0


class InvalidWorkflowError(BadInputError):
    """A document has errors; the message is the first of them."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = [problem for problem in problems if problem.severity is Severity.ERROR]
        first, others = self.problems[0], len(self.problems) - 1
        more = f" And {others:,} more errors." if others else ""
        place = f" ({first.path})" if first.path else ""
        super().__init__(f"{first.message}{place}{more}", field=("input", "dsl"))


def validate(dsl: Any) -> Validation:
    """Look at a document: any JSON value is one, none makes it fail."""
    problems = Problems()
    document = _read(dsl, problems) if check_limits(dsl, problems) else None
    if document is not None:
        _check(document, problems)
    valid = problems.errors == 0
    return Validation(document if valid else None, problems.kept, problems.errors, problems.warnings)


def parse(dsl: Any) -> Document:
    """
    The workflow of a document.

    Raises:
        InvalidWorkflowError: It has errors.
    """
    validation = validate(dsl)
    if validation.document is None:
        raise InvalidWorkflowError(validation.problems)
    return validation.document


def _read(dsl: Any, problems: Problems) -> Document | None:
    try:
        return Reader(problems).document(dsl)
    except TooManyPartsError:
        return None


def _check(document: Document, problems: Problems) -> None:
    names, texts = names_of(document), TextChecker(problems)
    texts.check_own_trigger(document, names)
    for graph, visible in _graphs(document.graph, names):
        check_graph(graph, problems, one_start=document.has_own_trigger)
        check_ways(graph, problems)
        check_names(graph, visible, problems)
        for node in graph.nodes.values():
            texts.check_node(node, visible)


def _graphs(graph: Graph, names: Names) -> Iterator[tuple[Graph, Names]]:
    """A graph and all those inside it, each with what is defined there."""
    visible = names.inside(graph)
    yield graph, visible
    for node in graph.nodes.values():
        for inner in node.graphs:
            yield from _graphs(inner, visible)
