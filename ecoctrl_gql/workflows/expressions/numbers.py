"""Numbers and their texts, as in JavaScript (ECMAScript 2023, 6.1.6.1.20, 7.1.4.1 and 21.1.3)."""

import math
import re
import string
from decimal import ROUND_HALF_UP, Context, Decimal

from ecoctrl_gql.workflows.expressions.errors import ExpressionError

WHITESPACE = (
    "\t\n\v\f\r \xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000\ufeff"
)
"""What JavaScript takes for space; Python's own ``strip`` takes others."""

SAFE = 2**53
"""Whole numbers up to here are exact."""

DIGITS = string.digits + string.ascii_lowercase

LONGEST_FINITE = 1_100
"""Digits, in any radix, of which no number is finite any more."""

# no two parts of a pattern can take the same digits: else a long text would take quadratic time
_DECIMAL = r"[+-]?(?:Infinity|(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)"
DECIMAL = re.compile(_DECIMAL, re.ASCII)
WITH_RADIX = re.compile(r"0(?:[xX][0-9a-fA-F]+|[oO][0-7]+|[bB][01]+)")

EXACT = Context(prec=150, rounding=ROUND_HALF_UP)


def double(number: float) -> float:
    """The nearest floating-point number, which all numbers are in JavaScript."""
    try:
        return float(number)
    except OverflowError:
        return math.inf if number > 0 else -math.inf


def text_of_number(number: float) -> str:
    """The shortest text that reads as the number again: 1, 0.1, 1e+21, NaN, and 0 for -0."""
    if abs(number) < SAFE and number == int(number):
        return str(int(number))
    if isinstance(number, int) and abs(number) < 10**21:
        return str(number)  # exact, where JavaScript would have rounded it
    number = double(number)
    if math.isnan(number):
        return "NaN"
    if math.isinf(number):
        return "Infinity" if number > 0 else "-Infinity"
    _, digits, exponent = Decimal(repr(number)).as_tuple()
    significant = "".join(map(str, digits)).rstrip("0")
    point = len(digits) + int(exponent)
    sign = "-" if number < 0 else ""
    return sign + (_plain(significant, point) if -6 < point <= 21 else _scientific(significant, point - 1))


def number_of_text(text: str) -> float:
    """The number that all of a text is, with space around it; 0 for an empty text, else NaN."""
    text = text.strip(WHITESPACE)
    if not text:
        return 0.0
    if DECIMAL.fullmatch(text):
        return float(text)
    return double(int(text, 0)) if WITH_RADIX.fullmatch(text) else math.nan


def parse_float(text: str) -> float:
    """The number that a text begins with, else NaN."""
    found = DECIMAL.match(text.lstrip(WHITESPACE))
    return float(found.group()) if found else math.nan


def parse_int(text: str, radix: int) -> float:
    """The whole number that a text begins with, else NaN."""
    text = text.lstrip(WHITESPACE)
    sign = -1.0 if text.startswith("-") else 1.0
    text = text[1:] if text[:1] in {"+", "-"} else text
    if radix == 16 and text[:2].lower() == "0x":
        text = text[2:]
    if not 2 <= radix <= 36:
        return math.nan
    known = DIGITS[:radix] + DIGITS[:radix].upper()
    digits = text[: len(text) - len(text.lstrip(known))]
    if not digits:
        return math.nan
    digits = digits.lstrip("0") or "0"
    return sign * (math.inf if len(digits) > LONGEST_FINITE else double(int(digits, radix)))


def to_fixed(number: float, places: int) -> str:
    """
    The number with so many decimal places.

    Raises:
        ExpressionError: They are not 0 to 100.
    """
    if not 0 <= places <= 100:
        raise ExpressionError(f"toFixed() makes 0 to 100 decimal places, not {places}")
    number = double(number)
    if not abs(number) < 1e21:
        return text_of_number(number)
    rounded = Decimal(number or 0).quantize(Decimal(1).scaleb(-places), context=EXACT)
    return f"{rounded:f}"


def to_precision(number: float, count: int) -> str:
    """
    The number with so many significant digits.

    Raises:
        ExpressionError: They are not 1 to 100.
    """
    number = double(number)
    if not math.isfinite(number):
        return text_of_number(number)
    if not 1 <= count <= 100:
        raise ExpressionError(f"toPrecision() makes 1 to 100 digits, not {count}")
    rounded = Context(prec=count, rounding=ROUND_HALF_UP).plus(Decimal(abs(number)))
    exponent = rounded.adjusted() if rounded else 0
    digits = "".join(map(str, rounded.as_tuple().digits))[:count].ljust(count, "0")
    sign = "-" if number < 0 else ""
    return sign + (_plain(digits, exponent + 1) if -7 < exponent < count else _scientific(digits, exponent))


def in_radix(number: float, radix: int) -> str:
    """
    The number in a radix of 2 to 36.

    Raises:
        ExpressionError: There is no such radix, or the number is not whole.
    """
    if not 2 <= radix <= 36:
        raise ExpressionError(f"toString() takes a radix of 2 to 36, not {radix}")
    number = double(number)
    if radix == 10 or not math.isfinite(number):
        return text_of_number(number)
    if not number.is_integer():
        raise ExpressionError(f"toString({radix}) takes whole numbers", "Round it first: parseInt(x).")
    rest, digits = int(abs(number)), ""
    while rest:
        rest, digit = divmod(rest, radix)
        digits = DIGITS[digit] + digits
    return ("-" if number < 0 else "") + (digits or "0")


def _plain(digits: str, point: int) -> str:
    """Digits with the decimal point after so many of them; zeros fill up."""
    if point <= 0:
        return "0." + "0" * -point + digits
    whole, fraction = digits[:point].ljust(point, "0"), digits[point:]
    return f"{whole}.{fraction}" if fraction else whole


def _scientific(digits: str, exponent: int) -> str:
    fraction = f".{digits[1:]}" if len(digits) > 1 else ""
    return f"{digits[0]}{fraction}e{exponent:+d}"
