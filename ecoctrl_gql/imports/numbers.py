"""The energy of a reading, from the text of a file."""

import math
from contextlib import suppress

SMALLEST, LARGEST = 1.17549435e-38, 3.40282346e38
"""What a column of type real can hold, besides zero."""

FOREIGN = {".": frozenset("_,"), ",": frozenset("_.")}
"""For each decimal point what may not stand in a number: Python's own float takes 1_000."""


def energy_kwh(text: str, *, decimal_comma: bool = False) -> float:
    """
    The energy that a text tells, in kWh: finite, and not negative.

    Raises:
        ValueError: The text is no such number; the message says why.
    """
    if not text:
        raise ValueError("the energy is missing")
    number = _parsed(text, "," if decimal_comma else ".")
    if number < 0:
        raise ValueError(f"{text} kWh is negative; a reading is energy consumed")
    if number and not SMALLEST <= number <= LARGEST:
        raise ValueError(f"{text} kWh is out of range")
    return number


def _parsed(text: str, point: str) -> float:
    if not set(text) & FOREIGN[point]:
        with suppress(ValueError):
            number = float(text.replace(point, "."))
            if math.isfinite(number):
                return number
    raise ValueError(f"{text} is not a number")
