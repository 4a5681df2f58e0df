"""
Bounds on what one operation may ask for, found before anything costly looks at it.

graphql-core bounds the text while parsing (``PARSE_LIMITS``). ``check_limits`` measures the parsed
document: fragments are measured once and multiplied, so that fragments that double at each level,
which take validation and naive counters exponential time, cost no more than their text.
"""

import re
from dataclasses import dataclass
from typing import Final, NamedTuple

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    OperationDefinitionNode,
    OperationType,
    SelectionNode,
    SelectionSetNode,
    Token,
    TokenKind,
)

from ecoctrl_gql.errors import QueryTooComplexError

# Passed on to graphql-core's ``parse``.
PARSE_LIMITS: Final[dict[str, int]] = {
    "max_lexical_tokens": 5_000,
    "max_comments": 500,
    "max_source_length": 65_536,
}

# graphql-core reports these as syntax errors, which end with these words.
PARSE_LIMIT_MARK = "Parsing aborted."

MAX_DIRECTIVES_ON_ONE_NODE = 4

# Python refuses to read integers of more than 4,300 digits with an error that is not graphql-core's.
MAX_DIGITS = 400
_LONG_NUMBER = re.compile(rf"\d{{{MAX_DIGITS}}}")


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that an operation may hold once its fragments are expanded."""

    depth: int
    fields: int
    aliases: int
    directives: int


QUERY_LIMITS = Limits(depth=15, fields=400, aliases=60, directives=60)
# What GraphiQL and code generators ask of the schema is deeper and wider than any query of data.
INTROSPECTION_LIMITS = Limits(depth=22, fields=1_000, aliases=20, directives=20)
MAX_ROOT_MUTATIONS = 10


class Size(NamedTuple):
    """What a selection set holds once its fragments are expanded; ``width`` is its own fields."""

    depth: int = 0
    fields: int = 0
    aliases: int = 0
    directives: int = 0
    width: int = 0


def check_limits(document: DocumentNode) -> None:
    """
    Refuse a document that is too deep or too wide to be validated and run.

    Raises:
        QueryTooComplexError: A definition exceeds the limits.
    """
    _check_numbers(document)
    measure = _Measure(document)
    try:
        for definition in document.definitions:
            if isinstance(definition, OperationDefinitionNode):
                _check_operation(definition, measure.of_definition(definition))
            elif isinstance(definition, FragmentDefinitionNode):
                # Validation also looks at fragments that no operation uses.
                _check(measure.of_definition(definition), INTROSPECTION_LIMITS)
    except RecursionError:
        raise QueryTooComplexError("The query's fragments are nested too deeply.") from None


def limit_errors(document: DocumentNode) -> list[GraphQLError]:
    """``check_limits`` in the shape of a validation result, to be kept along with it."""
    try:
        check_limits(document)
    except QueryTooComplexError as error:
        return [GraphQLError(error.message, original_error=error)]
    return []


def _check_numbers(document: DocumentNode) -> None:
    # The tokens are gone through only if the text gives cause to; it may be a string that does.
    if document.loc is None or not _LONG_NUMBER.search(document.loc.source.body):
        return
    token: Token | None = document.loc.start_token
    while token is not None:
        if token.kind in (TokenKind.INT, TokenKind.FLOAT) and len(token.value or "") > MAX_DIGITS:
            raise QueryTooComplexError(f"A number in the query has more than {MAX_DIGITS} digits.")
        token = token.next


def _check_operation(operation: OperationDefinitionNode, size: Size) -> None:
    _check(size, INTROSPECTION_LIMITS if _only_introspects(operation) else QUERY_LIMITS)
    if operation.operation is OperationType.MUTATION and size.width > MAX_ROOT_MUTATIONS:
        raise QueryTooComplexError(
            f"The operation holds {size.width} mutations; at most {MAX_ROOT_MUTATIONS} are allowed."
        )


def _check(size: Size, limits: Limits) -> None:
    for name in ("depth", "fields", "aliases", "directives"):
        found, allowed = getattr(size, name), getattr(limits, name)
        if found > allowed:
            # The exact number may have hundreds of digits.
            amount = found if found < 1_000_000 else "over a million"
            raise QueryTooComplexError(f"The query's {name} come to {amount}; at most {allowed} are allowed.")


def _only_introspects(operation: OperationDefinitionNode) -> bool:
    return all(
        isinstance(selection, FieldNode) and selection.name.value.startswith("__")
        for selection in operation.selection_set.selections
    )


class _Measure:
    """Measures selection sets, each fragment once."""

    def __init__(self, document: DocumentNode) -> None:
        self._fragments = {
            definition.name.value: definition
            for definition in document.definitions
            if isinstance(definition, FragmentDefinitionNode)
        }
        self._sizes: dict[str, Size] = {}

    def of_definition(self, definition: OperationDefinitionNode | FragmentDefinitionNode) -> Size:
        size = self._of_set(definition.selection_set)
        return size._replace(directives=size.directives + _directives(definition))

    def _of_set(self, selection_set: SelectionSetNode | None) -> Size:
        depth = fields = aliases = directives = width = 0
        for selection in selection_set.selections if selection_set else ():
            size = self._of_selection(selection)
            depth = max(depth, size.depth)
            fields += size.fields
            aliases += size.aliases
            directives += size.directives + _directives(selection)
            width += size.width
        return Size(depth, fields, aliases, directives, width)

    def _of_selection(self, selection: SelectionNode) -> Size:
        if isinstance(selection, FieldNode):
            inner = self._of_set(selection.selection_set)
            aliases = inner.aliases + (selection.alias is not None)
            return Size(inner.depth + 1, inner.fields + 1, aliases, inner.directives, 1)
        if isinstance(selection, FragmentSpreadNode):
            return self._of_fragment(selection.name.value)
        return self._of_set(getattr(selection, "selection_set", None))

    def _of_fragment(self, name: str) -> Size:
        if name not in self._sizes:
            # Held while it is measured, a circle counts as nothing: validation refuses it by name.
            self._sizes[name] = Size()
            fragment = self._fragments.get(name)
            self._sizes[name] = self.of_definition(fragment) if fragment else Size()
        return self._sizes[name]


def _directives(node: SelectionNode | OperationDefinitionNode | FragmentDefinitionNode) -> int:
    number = len(node.directives or ())
    if number > MAX_DIRECTIVES_ON_ONE_NODE:
        raise QueryTooComplexError(
            f"{number} directives stand in one place; at most {MAX_DIRECTIVES_ON_ONE_NODE} are allowed."
        )
    return number
