"""Texts as they are written in expressions."""

import re
from typing import Final

from ecoctrl_gql.workflows.expressions.errors import ExpressionError

ESCAPE: Final = re.compile(
    r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|u\{([0-9a-fA-F]{1,6})\}|(.))", re.DOTALL
)

SINGLE: Final = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", "v": "\v", "\n": ""}


def text_of_literal(literal: str) -> str:
    """
    What a quoted text says.

    Raises:
        ExpressionError: An escape is wrong, or is half a character or NUL, which no database keeps.
    """
    text = literal[1:-1]
    if "\\" not in text:
        return text
    # the two halves of a character come as two escapes
    text = ESCAPE.sub(_unescaped, text).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if "\0" in text or "\ufffd" in text:
        raise ExpressionError("This text has an escape that is no character")
    return text


def _unescaped(found: re.Match[str]) -> str:
    code = found.group(1) or found.group(2) or found.group(3)
    if code is None:
        return _single(found.group(4))
    if int(code, 16) > 0x10FFFF:
        raise ExpressionError(f"{found.group()} is no character")
    return chr(int(code, 16))


def _single(letter: str) -> str:
    if letter in "xu0":
        raise ExpressionError(
            f"\\{letter} is not complete", r"Write \x41, \u0041 or \u{41} for a character by its number."
        )
    return SINGLE.get(letter, letter)
