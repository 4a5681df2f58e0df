"""What no document may exceed; looked at before anything else, so that the rest need fear no size."""

from collections.abc import Iterator
from typing import Any

import orjson

from ecoctrl_gql.workflows.dsl.problems import Problems, Rule, step_into

MAX_BYTES = 5_000_000
MAX_DEPTH = 100
MAX_NODES = 10_000
MAX_EDGES = 40_000
MAX_TRIGGERS = 1_000
MAX_EXPRESSION_CHARACTERS = 500_000
"""Of all expressions and templates: the costliest part of looking at a document."""

MAX_GRAPH_DEPTH = 8
"""How deeply loop bodies and parallel branches may be nested."""


def check_limits(dsl: Any, problems: Problems) -> bool:
    """Whether a document is small enough to look at, and holds only what PostgreSQL can store as jsonb."""
    if _is_plain(dsl):
        return True
    size, nothing_found = 0, problems.errors
    for place, depth, value in _walk(dsl):
        size += _size(value)
        if size > MAX_BYTES:
            problems.error("", Rule.TOO_LARGE, f"The document is larger than {MAX_BYTES:,} bytes.")
            break
        if depth > MAX_DEPTH:
            problems.error(
                _path(place), Rule.TOO_LARGE, f"The document is nested deeper than {MAX_DEPTH} levels."
            )
            break
        fault = _fault(value)
        if fault:
            problems.error(_path(place), Rule.UNSTORABLE, fault)
    return problems.errors == nothing_found


def _is_plain(dsl: Any) -> bool:
    """Whether the fast serializer finds nothing to complain of; False only means: look closer."""
    try:
        text = orjson.dumps(dsl)
    except (TypeError, RecursionError):
        return False
    return len(text) <= MAX_BYTES and b"\\u0000" not in text and _is_shallow(text)


def _is_shallow(text: bytes) -> bool:
    """Whether a JSON text can't be too deep: brackets in texts count too, hence only a first look."""
    opening = text.count(b"[") + text.count(b"{")
    return opening <= MAX_DEPTH or _deepest(text) <= MAX_DEPTH


def _deepest(text: bytes) -> int:
    deepest = depth = 0
    for sign in text.translate(None, _NOT_BRACKETS):
        depth += 1 if sign in b"[{" else -1
        deepest = max(deepest, depth)
    return deepest


_NOT_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))


Place = tuple["Place | None", str | int]
"""Where a value is: the place around it and the last step; a path is made of it only where one is told."""


def _walk(dsl: Any) -> Iterator[tuple[Place | None, int, Any]]:
    """Every value and key of a document with its place and depth, without recursion."""
    waiting: list[tuple[Place | None, int, Any]] = [(None, 0, dsl)]
    while waiting:
        place, depth, value = waiting.pop()
        yield place, depth, value
        if depth > MAX_DEPTH:
            continue
        if isinstance(value, dict):
            for key, part in value.items():
                yield place, depth, key
                waiting.append(((place, str(key)), depth + 1, part))
        elif isinstance(value, list):
            waiting.extend(((place, index), depth + 1, part) for index, part in enumerate(value))


def _path(place: Place | None) -> str:
    steps: list[str | int] = []
    while place is not None:
        place, step = place
        steps.append(step)
    return step_into("", *reversed(steps))


def _size(value: object) -> int:
    return len(value) + 3 if isinstance(value, str) else 2


def _fault(value: object) -> str | None:
    match value:
        case str():
            if "\x00" in value:
                return "The text holds a NUL character, which can't be stored."
            return (
                None if _is_unicode(value) else "The text holds half of a character, which can't be stored."
            )
        case None | bool() | int() | float() | dict() | list():
            return None
    return f"{type(value).__name__} is no JSON value."


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
