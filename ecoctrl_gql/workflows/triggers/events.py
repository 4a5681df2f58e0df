"""Names of events, and patterns of them."""

import re

_NAME = re.compile(r"[\w-]+([.:/][\w-]+)*")
_PATTERN = re.compile(r"([\w-]+|\*)([.:/]([\w-]+|\*))*")
_SEPARATOR = re.compile(r"([.:/])")

MAX_LENGTH = 200


def is_event_name(text: str) -> bool:
    """Whether a text is the name of an event: words between dots, colons or slashes, such as alert.added."""
    return len(text) <= MAX_LENGTH and _NAME.fullmatch(text) is not None


def is_event_pattern(text: str) -> bool:
    """Whether a text is the name of an event, or one in which an asterisk stands for a word or the rest."""
    return len(text) <= MAX_LENGTH and _PATTERN.fullmatch(text) is not None


def event_matches(pattern: str, name: str) -> bool:
    """
    Whether an event of this name is meant.

    An asterisk stands for one word; as the last word it stands for one or more: ``alert.*`` means alert.added
    and alert.level.changed, and ``*`` every event.
    """
    wanted, given = _SEPARATOR.split(pattern), _SEPARATOR.split(name)
    if wanted[-1] == "*":
        given = given[: len(wanted)]
    return len(wanted) == len(given) and all(
        one in ("*", other) for one, other in zip(wanted, given, strict=True)
    )
