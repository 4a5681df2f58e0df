"""What is wrong with the expressions and templates of a document."""

from collections.abc import Iterable, Iterator
from typing import Any

from ecoctrl_gql.workflows import expressions, templates
from ecoctrl_gql.workflows.dsl.checks.names import Names
from ecoctrl_gql.workflows.dsl.document import Document, Node
from ecoctrl_gql.workflows.dsl.limits import MAX_EXPRESSION_CHARACTERS
from ecoctrl_gql.workflows.dsl.problems import Problems, Rule, step_into
from ecoctrl_gql.workflows.dsl.registry import evaluated_keys

Steps = tuple[str | int, ...]

COST_OF_EACH = 10
"""Characters that a text counts for besides its own."""


class TextChecker:
    """Looks at the expressions and templates of a document until they are more than anybody needs."""

    def __init__(self, problems: Problems) -> None:
        self._problems = problems
        self._left = MAX_EXPRESSION_CHARACTERS

    def check_own_trigger(self, document: Document, names: Names) -> None:
        """Look at the conditions of the trigger at the top of a document."""
        for trigger in document.triggers:
            if trigger.path == "trigger":
                for key in evaluated_keys(trigger.kind.config):
                    path = step_into(trigger.path, "config", key)
                    self._check_expression(trigger.raw_config.get(key), path, names.at_triggers())

    def check_node(self, node: Node, names: Names) -> None:
        """Look at all texts of a node's config; graphs inside it are looked at by themselves."""
        visible = names.at_triggers() if node.kind.trigger else names
        path = step_into(node.path, "config")
        for key, value in node.raw_config.items():
            if key in node.kind.evaluated:
                self._check_expression(value, step_into(path, key), visible)
            elif key not in node.kind.deferred:
                for steps, text in _texts_with_templates(value):
                    self._check_template(text, step_into(path, key, *steps), visible)

    def _check_expression(self, text: Any, path: str, names: Names) -> None:
        if isinstance(text, str) and text.strip() and self._affords(len(text), path):
            self._tell(expressions.check(text, names), path, Rule.EXPRESSION)

    def _check_template(self, text: str, path: str, names: Names) -> None:
        inside = (part.partition("}}")[0] for part in text.split("{{")[1:])
        if self._affords(sum(len(part) + COST_OF_EACH for part in inside), path):
            self._tell(templates.check(text, names), path, Rule.TEMPLATE)

    def _affords(self, characters: int, path: str) -> bool:
        if self._left < 0:
            return False
        self._left -= characters + COST_OF_EACH
        if self._left < 0:
            limit = f"{MAX_EXPRESSION_CHARACTERS:,} characters"
            message = f"From here on, the expressions and templates have more than {limit} in all."
            self._problems.error(path, Rule.TOO_LARGE, message, "Make several workflows of it.")
        return self._left >= 0

    def _tell(self, found: Iterable[expressions.Problem], path: str, rule: Rule) -> None:
        for problem in found:
            message = f"{problem.message} (line {problem.line}, column {problem.column})."
            if problem.severity == "error":
                self._problems.error(path, rule, message, problem.hint or None)
            else:
                self._problems.warning(path, Rule.UNKNOWN_NAME, message, problem.hint or None)


def _texts_with_templates(value: Any, steps: Steps = ()) -> Iterator[tuple[Steps, str]]:
    """The texts within a value that hold templates; documents are only as deep as the limits allow."""
    match value:
        case str() if "{{" in value:
            yield steps, value
        case dict():
            for key, part in value.items():
                yield from _texts_with_templates(part, (*steps, key))
        case list():
            for index, part in enumerate(value):
                yield from _texts_with_templates(part, (*steps, index))
