"""What a request's text asks for, as far as logs, metrics and deadlines need to know it."""

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from graphql import GraphQLError, Lexer, Source, TokenKind

MAX_NAME_LENGTH = 64
MAX_SCANNED_LENGTH = 8_192

_KINDS = frozenset({"query", "mutation", "subscription"})
_OPENING = frozenset({TokenKind.BRACE_L, TokenKind.PAREN_L, TokenKind.BRACKET_L})
_CLOSING = frozenset({TokenKind.BRACE_R, TokenKind.PAREN_R, TokenKind.BRACKET_R})


class Operation(NamedTuple):
    """``kind`` is ``query``, ``mutation``, ``subscription``, or ``invalid`` where there is none."""

    kind: str
    name: str | None = None


INVALID = Operation("invalid")


def operation_of(query: str | None, operation_name: str | None = None) -> Operation:
    """The operation that a request runs: its first, or the named one."""
    return _find(query[:MAX_SCANNED_LENGTH], operation_name) if query else INVALID


@lru_cache(maxsize=512)
def _find(query: str, operation_name: str | None) -> Operation:
    try:
        for operation in _operations(query):
            if operation_name is None or operation.name == operation_name:
                kind, name = operation
                return Operation(kind, name and name[:MAX_NAME_LENGTH])
    except GraphQLError:
        return INVALID
    return INVALID


def _operations(query: str) -> Iterator[Operation]:
    """
    The operations of a document, read from its outermost tokens.

    Lazy, so that the usual document with one operation costs two or three tokens.
    """
    lexer = Lexer(Source(query))
    depth = 0
    in_definition = False
    while (token := lexer.advance()).kind is not TokenKind.EOF:
        if not in_definition:
            in_definition = True
            if token.kind is TokenKind.BRACE_L:
                yield Operation("query")
            elif token.value in _KINDS:
                following = lexer.lookahead()
                yield Operation(token.value, following.value if following.kind is TokenKind.NAME else None)
        if token.kind in _OPENING:
            depth += 1
        elif token.kind in _CLOSING:
            depth -= 1
            in_definition = depth > 0 or token.kind is not TokenKind.BRACE_R
