"""Keeps secrets out of logs."""

import json
import re
from collections.abc import Iterable
from typing import Any, Final
from urllib.parse import quote, quote_plus

from ecoctrl_gql.workflows.expressions.limits import MAX_DEPTH
from ecoctrl_gql.workflows.expressions.numbers import text_of_number

REDACTED: Final = "[redacted]"

SHORTEST: Final = 4
"""Characters from which on a secret is found within longer texts; a shorter one only where it is all."""


def redact(value: Any, secrets: Iterable[str]) -> Any:
    """
    A copy of a value without secrets, in keys too, as they are or escaped for JSON or a URL.

    A secret that was changed in another way (cut, hashed, put in capitals) can't be known again. Never fails:
    what lies too deep is left out.
    """
    forms = sorted({form for secret in secrets if secret for form in _forms(secret)}, key=len, reverse=True)
    if not forms:
        return value
    within = [re.escape(form) for form in forms if len(form) >= SHORTEST]
    return _redacted(value, frozenset(forms), re.compile("|".join(within)) if within else None, 0)


def _forms(secret: str) -> set[str]:
    escaped = {json.dumps(secret, ensure_ascii=ascii_only)[1:-1] for ascii_only in (False, True)}
    return {secret, *escaped, quote(secret, safe="", errors="replace"), quote_plus(secret, errors="replace")}


def _redacted(value: Any, forms: frozenset[str], within: re.Pattern[str] | None, depth: int) -> Any:
    if depth > 2 * MAX_DEPTH:
        return REDACTED
    match value:
        case str():
            return REDACTED if value in forms else within.sub(REDACTED, value) if within else value
        case list() | tuple():
            return [_redacted(item, forms, within, depth + 1) for item in value]
        case dict():
            return {
                _redacted(key, forms, within, depth + 1): _redacted(item, forms, within, depth + 1)
                for key, item in value.items()
            }
        case int() | float() if not isinstance(value, bool) and text_of_number(value) in forms:
            return REDACTED
        case _:
            return value
