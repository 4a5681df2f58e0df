"""Lengths of time as people write them."""

import re
from typing import Final

FORM = "10m, 1h 30m or 45s"

_PART = re.compile(r"(\d{1,9})\s*(ms|s|m|h|d)\s*", re.ASCII)
_WHOLE = re.compile(rf"\s*({_PART.pattern})+", re.ASCII)
_MS: Final = {"ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}


class DurationError(ValueError):
    """A text is no length of time."""


def duration_ms(text: str) -> int:
    """
    The milliseconds of a text such as ``10m``, ``1h 30m`` or ``500ms``.

    Raises:
        DurationError: It has another form.
    """
    if len(text) > 100 or not _WHOLE.fullmatch(text.lower()):
        raise DurationError(f"{text[:100]} is no length of time such as {FORM}.")
    return sum(int(number) * _MS[unit] for number, unit in _PART.findall(text.lower()))
