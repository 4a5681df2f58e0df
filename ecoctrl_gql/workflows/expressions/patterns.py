"""
Regular expressions of users.

RE2 runs them, in time linear in the text for every pattern: it keeps the set of all states it could be in,
and never goes back. What makes other engines slow without bound (back-references, look-around) it does not
have. The factor, the size of the compiled pattern, is bounded and paid for.
"""

from typing import Final

import re2

from ecoctrl_gql.workflows.expressions.errors import ExpressionError
from ecoctrl_gql.workflows.expressions.limits import Meter
from ecoctrl_gql.workflows.expressions.values import UNDEFINED, Value

MAX_PATTERN: Final = 500
"""Characters of a pattern."""

STATES_PER_UNIT: Final = 25
"""States of the compiled pattern that a character may meet for one unit of work."""


def _options() -> re2.Options:
    options = re2.Options()
    options.max_mem = 1 << 18  # bytes; also bounds what the library keeps of the last 128 patterns
    options.log_errors = False
    return options


OPTIONS: Final = _options()


def groups(meter: Meter, pattern: str, text: str) -> list[Value] | None:
    """
    The first match and its groups, a group that took no part being undefined; None without a match.

    Raises:
        ExpressionError: The pattern is wrong, or has what RE2 does not know.
    """
    if len(pattern) > MAX_PATTERN:
        raise ExpressionError(f"A pattern has at most {MAX_PATTERN} characters, this one {len(pattern)}")
    try:
        compiled = re2.compile(pattern, OPTIONS)
        meter.spend(len(text) * max(1, compiled.programsize // STATES_PER_UNIT))
        found = compiled.search(text)
    except re2.error as error:
        raise ExpressionError(
            f"match() can't read the pattern: {_message(error)}",
            "It takes RE2's syntax: no look-around, no back-references, no repetition above 1000.",
        ) from error
    except UnicodeEncodeError as error:
        raise ExpressionError("match() can't search a text with half a character in it") from error
    if found is None:
        return None
    return [found.group(), *(UNDEFINED if group is None else group for group in found.groups())]


def _message(error: re2.error) -> str:
    reason = error.args[0] if error.args else ""
    return reason.decode(errors="replace") if isinstance(reason, bytes) else str(reason)
