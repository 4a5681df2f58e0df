"""The methods of texts, as in JavaScript; places are counted in characters, an emoji being one."""

import math
import re
from typing import Final

from ecoctrl_gql.workflows.expressions import patterns
from ecoctrl_gql.workflows.expressions.coercion import integer, number, text
from ecoctrl_gql.workflows.expressions.errors import ExpressionError
from ecoctrl_gql.workflows.expressions.limits import VALUE_COST
from ecoctrl_gql.workflows.expressions.numbers import WHITESPACE
from ecoctrl_gql.workflows.expressions.run import Body, Run
from ecoctrl_gql.workflows.expressions.values import UNDEFINED, Value

SUBSTITUTION: Final = re.compile(r"\$([$&`'])")


def place(run: Run, value: Value, length: int, default: int = 0) -> int:
    """A place from 0 to the length."""
    return max(0, min(integer(run.meter, value, default), length))


def span(run: Run, start: Value, end: Value, length: int) -> slice:
    """From start to end, both counted from the end of all when negative."""

    def counted(value: Value, default: int) -> int:
        index = integer(run.meter, value, default)
        return max(index + length, 0) if index < 0 else min(index, length)

    return slice(counted(start, 0), counted(end, length))


def substring(run: Run, value: str, start: Value = UNDEFINED, end: Value = UNDEFINED) -> str:
    first, last = place(run, start, len(value)), place(run, end, len(value), len(value))
    return value[min(first, last) : max(first, last)]


def split(run: Run, value: str, separator: Value = UNDEFINED, limit: Value = UNDEFINED) -> list[Value]:
    allowed = 2.0**32 - 1 if limit is UNDEFINED else number(run.meter, limit)
    most = int(allowed) % 2**32 if math.isfinite(allowed) else 0
    if separator is UNDEFINED:
        return [value][:most]
    by = text(run.meter, separator)
    run.meter.spend(VALUE_COST * (value.count(by) + 1))
    return (value.split(by) if by else list(value))[:most]


def replace(run: Run, value: str, pattern: Value = UNDEFINED, replacement: Value = UNDEFINED) -> str:
    """The first place only, the pattern being plain text; ``$&`` in the replacement is what it replaces."""
    found = text(run.meter, pattern)
    at = value.find(found)
    if at < 0:
        return value
    before, after = value[:at], value[at + len(found) :]
    parts = {"$": "$", "&": found, "`": before, "'": after}
    template = text(run.meter, replacement)
    pieces = SUBSTITUTION.split(template)
    filled = [parts[piece] if index % 2 else piece for index, piece in enumerate(pieces)]
    run.meter.produce(len(before) + len(after) + sum(map(len, filled)))
    return before + "".join(filled) + after


def match(run: Run, value: str, pattern: Value = UNDEFINED) -> list[Value] | None:
    return patterns.groups(run.meter, "" if pattern is UNDEFINED else text(run.meter, pattern), value)


def pad_start(run: Run, value: str, length: Value = UNDEFINED, fill: Value = UNDEFINED) -> str:
    return _padding(run, value, length, fill) + value


def pad_end(run: Run, value: str, length: Value = UNDEFINED, fill: Value = UNDEFINED) -> str:
    return value + _padding(run, value, length, fill)


def _padding(run: Run, value: str, length: Value, fill: Value) -> str:
    wanted = integer(run.meter, length)
    filler = " " if fill is UNDEFINED else text(run.meter, fill)
    missing = wanted - len(value)
    if missing <= 0 or not filler:
        return ""
    run.meter.produce(wanted)
    return (filler * (missing // len(filler) + 1))[:missing]


def includes(run: Run, value: str, part: Value = UNDEFINED, start: Value = UNDEFINED) -> bool:
    return index_of(run, value, part, start) >= 0


def starts_with(run: Run, value: str, part: Value = UNDEFINED, start: Value = UNDEFINED) -> bool:
    return value.startswith(text(run.meter, part), place(run, start, len(value)))


def ends_with(run: Run, value: str, part: Value = UNDEFINED, end: Value = UNDEFINED) -> bool:
    return value.endswith(text(run.meter, part), 0, place(run, end, len(value), len(value)))


def char_at(run: Run, value: str, index: Value = UNDEFINED) -> str:
    at = integer(run.meter, index)
    return value[at] if 0 <= at < len(value) else ""


def index_of(run: Run, value: str, part: Value = UNDEFINED, start: Value = UNDEFINED) -> int:
    return value.find(text(run.meter, part), place(run, start, len(value)))


def last_index_of(run: Run, value: str, part: Value = UNDEFINED, start: Value = UNDEFINED) -> int:
    wanted = text(run.meter, part)
    latest = number(run.meter, start)
    end = len(value) if math.isnan(latest) else place(run, latest, len(value)) + len(wanted)
    # backwards through reversed texts: only the search forwards is linear for every text
    at = value[:end][::-1].find(wanted[::-1])
    return -1 if at < 0 else min(end, len(value)) - at - len(wanted)


def concat(run: Run, value: str, *others: Value) -> str:
    texts = [value, *(text(run.meter, other) for other in others)]
    run.meter.produce(sum(map(len, texts)))
    return "".join(texts)


def repeat(run: Run, value: str, count: Value = UNDEFINED) -> str:
    times = integer(run.meter, count)
    if times < 0 or number(run.meter, count) == math.inf:
        raise ExpressionError("repeat() takes a number of times from 0 on")
    run.meter.produce(len(value) * times)
    return value * times


TEXT_METHODS: Final[dict[str, Body]] = {
    "toString": lambda _, value: value,
    "toLowerCase": lambda _, value: value.lower(),
    "toUpperCase": lambda _, value: value.upper(),
    "trim": lambda _, value: value.strip(WHITESPACE),
    "slice": lambda run, value, start=UNDEFINED, end=UNDEFINED: value[span(run, start, end, len(value))],
    "substring": substring,
    "split": split,
    "replace": replace,
    "match": match,
    "padStart": pad_start,
    "padEnd": pad_end,
    "includes": includes,
    "startsWith": starts_with,
    "endsWith": ends_with,
    "charAt": char_at,
    "indexOf": index_of,
    "lastIndexOf": last_index_of,
    "concat": concat,
    "repeat": repeat,
}
