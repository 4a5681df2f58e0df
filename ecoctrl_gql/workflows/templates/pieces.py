"""Where the templates of a text begin and end."""

import re
from dataclasses import dataclass
from typing import Final

from ecoctrl_gql.workflows.expressions.errors import ExpressionError
from ecoctrl_gql.workflows.expressions.limits import MAX_TEMPLATE

OPENING: Final = "{{"

# a quote that is never closed takes the rest of the text, so that the time is linear
CLOSING: Final = re.compile(r"""}}|"(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?""", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Template:
    """The text between two pairs of braces, and where it begins."""

    source: str
    start: int


def pieces(text: str) -> list[str | Template]:
    """
    The parts of a text in order, none of them empty text.

    Raises:
        ExpressionError: A template is not closed, or the text is too long.
    """
    if OPENING not in text:
        return [text] if text else []
    if len(text) > MAX_TEMPLATE:
        reason = f"The text has {len(text)} characters; {MAX_TEMPLATE} are the most with templates in it"
        raise ExpressionError(reason).at(text, MAX_TEMPLATE)
    found: list[str | Template] = []
    position = 0
    while (opening := text.find(OPENING, position)) >= 0:
        found.append(text[position:opening])
        start = opening + len(OPENING)
        end = _end(text, start)
        found.append(Template(text[start:end], start))
        position = end + len(OPENING)
    found.append(text[position:])
    return [piece for piece in found if piece]


def _end(text: str, start: int) -> int:
    for token in CLOSING.finditer(text, start):
        if token.group() == "}}":
            return token.start()
    hint = 'Close it with }}, and its quotes too; for two braces in the text write {{ "{{" }}.'
    raise ExpressionError("This template is never closed", hint).at(text, start - len(OPENING))
