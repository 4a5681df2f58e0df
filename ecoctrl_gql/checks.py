"""
What inputs are held to, in one wording.

The checks raise `BadInputError` with the path to what can't be used: the names of its fields, from
``input`` on.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime

from ecoctrl_gql.errors import BadInputError, EcoctrlError

FIRST_YEAR, LAST_YEAR = 1970, 2199
"""The years that dates of the site can lie in: what is outside is a slip of the pen."""


@contextmanager
def about(*path: str) -> Iterator[None]:
    """Say of errors that do not say it themselves what in the input they are about."""
    try:
        yield
    except EcoctrlError as error:
        error.field = error.field or path
        raise


def text(value: str, limit: int, *path: str) -> str:
    """A text without the blanks around it, of 1 to ``limit`` characters."""
    value = value.strip()
    if not 0 < len(value) <= limit:
        raise BadInputError(f"{_name(path)} needs 1 to {limit:,} characters.", field=path)
    if "\x00" in value:
        raise BadInputError(f"{_name(path)} holds a NUL character, which can't be stored.", field=path)
    return value


def optional_text(value: str | None, limit: int, *path: str) -> str | None:
    """As `text`; None for null and for nothing but blanks."""
    return text(value, limit, *path) if value and value.strip() else None


def at_most(limit: int, values: Sequence[object], *path: str) -> None:
    """A list of 1 to ``limit`` values."""
    if not 0 < len(values) <= limit:
        raise BadInputError(f"{_name(path)} takes 1 to {limit:,} values, not {len(values):,}.", field=path)


def number(value: int, least: int, most: int, *path: str) -> int:
    """A whole number between two others, both included."""
    if not least <= value <= most:
        raise BadInputError(f"{_name(path)} can be {least:,} to {most:,}, not {value:,}.", field=path)
    return value


def day(value: date, *path: str) -> date:
    """A day of this time."""
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise BadInputError(f"{_name(path)} must lie in the years {FIRST_YEAR} to {LAST_YEAR}.", field=path)
    return value


def past(value: datetime, now: datetime, *path: str) -> datetime:
    """An instant of this time that has come."""
    day(value.date(), *path)
    if value > now:
        raise BadInputError(f"{_name(path)} lies in the future.", field=path)
    return value


def _name(path: Sequence[str]) -> str:
    """The name of a field as the client knows it; for an item of a list the list's with its place."""
    names = [re.sub(r"_(\w)", lambda letter: letter[1].upper(), step) for step in path[1:] or path]
    return ".".join(names)
