"""What values of a run can be kept, and how they are shown."""

from collections.abc import Iterable
from typing import Any

import orjson

from ecoctrl_gql.workflows.nodes.failures import NodeFailure
from ecoctrl_gql.workflows.templates import redact

MAX_RESULT_BYTES = 1_000_000
"""The most that a node may give, as JSON."""

MAX_GIVEN_BYTES = 4_000_000
"""The most that it may be given."""

MAX_SHOWN_TEXT = 2_000
MAX_SHOWN_ITEMS = 100
MAX_SHOWN_BYTES = 16_000
"""What is shown of a value in the log of a run; longer ones are cut with a note."""


def storable(value: Any, most: int = MAX_RESULT_BYTES) -> Any:
    """
    A value as it will come back from the database, so that a run sees the same before and after a restart.

    Raises:
        NodeFailure: It is too large, or no JSON.
    """
    try:
        text = orjson.dumps(value)
    except (TypeError, ValueError, RecursionError):
        raise NodeFailure("There is something that is no JSON, or lies too deep.") from None
    if len(text) > most:
        raise NodeFailure(f"There are {len(text):,} bytes; {most:,} are the most.")
    read = orjson.loads(text)
    return _without_nul(read) if b"\\u0000" in text else read


def storable_text(text: str) -> str:
    """A text as the database takes it, a long one cut."""
    clean = _without_nul(text).encode(errors="replace").decode()
    return (
        clean
        if len(clean) <= MAX_SHOWN_TEXT
        else f"{clean[:MAX_SHOWN_TEXT]}… [cut: {len(clean):,} characters]"
    )


def _without_nul(value: Any) -> Any:
    """PostgreSQL keeps no NUL in text."""
    match value:
        case str():
            return value.replace("\x00", "")
        case list():
            return list(map(_without_nul, value))
        case dict():
            return {_without_nul(key): _without_nul(item) for key, item in value.items()}
    return value


def shown(value: Any, secrets: Iterable[str]) -> Any:
    """A value as the log shows it: without secrets, long texts and lists cut with a note."""
    clean = redact(value, secrets)
    if len(orjson.dumps(clean)) <= MAX_SHOWN_TEXT:
        return clean
    cut = _cut(clean)
    size = len(orjson.dumps(cut))
    return cut if size <= MAX_SHOWN_BYTES else f"[cut: {len(orjson.dumps(clean)):,} bytes]"


def _cut(value: Any) -> Any:
    match value:
        case str() if len(value) > MAX_SHOWN_TEXT:
            return f"{value[:MAX_SHOWN_TEXT]}… [cut: {len(value):,} characters]"
        case list() if len(value) > MAX_SHOWN_ITEMS:
            more = f"[cut: {len(value):,} items]"
            return [*map(_cut, value[:MAX_SHOWN_ITEMS]), more]
        case list():
            return list(map(_cut, value))
        case dict() if len(value) > MAX_SHOWN_ITEMS:
            kept = dict(list(value.items())[:MAX_SHOWN_ITEMS])
            return {**{key: _cut(item) for key, item in kept.items()}, "…": f"[cut: {len(value):,} keys]"}
        case dict():
            return {key: _cut(item) for key, item in value.items()}
    return value
