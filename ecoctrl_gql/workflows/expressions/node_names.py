"""
Ids of nodes that are no names in JavaScript, such as ``http-1``.

Whether that is a node or a subtraction depends on whether there is such a node. So before a text is parsed,
the hyphens (and a leading digit) of known ids are marked: shifted into a private area of Unicode, where the
grammar takes them for letters. The text keeps its length, and with it the places that errors tell.
"""

import re
from collections.abc import Container
from typing import Final

PRIVATE: Final = 0xE000

MARKED: Final = {PRIVATE + ord(letter): letter for letter in "-0123456789"}
MARKS: Final = {letter: chr(code) for code, letter in MARKED.items()}

MAX_PARTS: Final = 20
"""Parts between hyphens of an id that is told from a subtraction; that of a UUID has five."""

NUMERIC: Final = re.compile(r"[\d-]+|\d+[eE][\d-]+")

WORD: Final = re.compile(
    r"""
    "(?:[^"\\]|\\.)*"? | '(?:[^'\\]|\\.)*'?    # a text, in which nothing is an id
    | \.\s*[\w$]+                              # a member, which has no hyphens
    | [\w$]+ (?:-[\w$]+)+
    """,
    re.VERBOSE | re.DOTALL,
)


def marked(text: str, node_ids: Container[str]) -> str:
    """The text with the ids in it marked that need it; the longest id wins."""
    if "-" not in text:
        return text
    return WORD.sub(lambda found: _marked(found.group(), node_ids), text)


def plain(text: str) -> str:
    """Without marks."""
    return text.translate(MARKED)


def _marked(word: str, node_ids: Container[str]) -> str:
    if word[0] in "\"'.":
        return word
    parts, taken = word.split("-"), []
    while parts:
        size = _size_of_id(parts, node_ids)
        first = "-".join(parts[:size])
        taken.append(first if size == 1 else _as_letters(first))
        del parts[:size]
    return "-".join(taken)


def _size_of_id(parts: list[str], node_ids: Container[str]) -> int:
    """How many parts make an id, at most; one where they make none, as then a minus follows."""
    for size in range(min(len(parts), MAX_PARTS), 1, -1):
        node_id = "-".join(parts[:size])
        if node_id in node_ids and not NUMERIC.fullmatch(node_id):
            return size
    return 1


def _as_letters(node_id: str) -> str:
    return MARKS.get(node_id[0], node_id[0]) + node_id[1:].replace("-", MARKS["-"])
