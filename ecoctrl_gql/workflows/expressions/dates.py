"""Reading and showing times."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

from ecoctrl_gql.workflows.expressions.errors import ExpressionError
from ecoctrl_gql.workflows.expressions.values import Value, kind

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)

PARTS: Final[dict[str, Callable[[datetime], str]]] = {
    "YYYY": lambda time: f"{time.year:04}",
    "YY": lambda time: f"{time.year % 100:02}",
    "MM": lambda time: f"{time.month:02}",
    "M": lambda time: str(time.month),
    "DD": lambda time: f"{time.day:02}",
    "D": lambda time: str(time.day),
    "HH": lambda time: f"{time.hour:02}",
    "H": lambda time: str(time.hour),
    "hh": lambda time: f"{(time.hour - 1) % 12 + 1:02}",
    "h": lambda time: str((time.hour - 1) % 12 + 1),
    "mm": lambda time: f"{time.minute:02}",
    "m": lambda time: str(time.minute),
    "ss": lambda time: f"{time.second:02}",
    "s": lambda time: str(time.second),
    "SSS": lambda time: f"{time.microsecond // 1000:03}",
    "A": lambda time: "AM" if time.hour < 12 else "PM",
    "Z": lambda time: f"{time:%z}"[:3] + ":" + f"{time:%z}"[3:5],
    "T": lambda _: "T",
}
PARTS.update({name.lower(): PARTS[name] for name in ("YYYY", "YY", "DD", "D")})
"""Both spellings in use: of moment.js (YYYY-MM-DD) and of date-fns (yyyy-MM-dd)."""

MAX_FORMAT: Final = 200
"""Characters of a format."""

FORMAT: Final = re.compile(r"\[([^\]]*)\]|([A-Za-z])\2*")
"""Words in brackets stand for themselves."""


def iso(time: datetime) -> str:
    """As JavaScript writes it: in UTC, with milliseconds."""
    return time.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def milliseconds(time: datetime) -> float:
    """Whole milliseconds since 1970."""
    return float((time - EPOCH) // timedelta(milliseconds=1))


def shown(time: datetime, pattern: str) -> str:
    """
    The time in a format such as ``YYYY-MM-DD HH:mm:ss``.

    Raises:
        ExpressionError: The format is too long, or has letters that mean nothing.
    """
    if len(pattern) > MAX_FORMAT:
        raise ExpressionError(f"A date format has at most {MAX_FORMAT} characters, not {len(pattern)}")

    def part(found: re.Match[str]) -> str:
        letters = found.group()
        if found.group(1) is not None:
            return found.group(1)
        if letters not in PARTS:
            raise ExpressionError(
                f'A date format has no "{letters[:20]}"',
                f"It has {' '.join(PARTS)}; put words into [brackets].",
            )
        return PARTS[letters](time)

    return FORMAT.sub(part, pattern)


def time_of(value: Value, zone: tzinfo) -> datetime:
    """
    The time that a value tells, in a zone: ISO 8601, or milliseconds since 1970.

    Raises:
        ExpressionError: It tells none.
    """
    try:
        # by way of UTC: a time that only one of the zones can tell is refused here
        return _time(value, zone).astimezone(UTC).astimezone(zone)
    except (ValueError, OverflowError) as error:
        told = f'"{value[:40]}"' if isinstance(value, str) else "This number"
        raise ExpressionError(f"{told} is not a date", "Write it like 2026-05-15T08:00:00Z.") from error


def _time(value: Value, zone: tzinfo) -> datetime:
    match value:
        case str():
            time = datetime.fromisoformat(value.strip())
            return time if time.tzinfo else time.replace(tzinfo=zone)
        case int() | float() if not isinstance(value, bool):
            return EPOCH + timedelta(milliseconds=value)
    raise ExpressionError(
        f"A date is a text or a number of milliseconds, not {kind(value)}",
        "Write a text like 2026-05-15T08:00:00Z.",
    )
