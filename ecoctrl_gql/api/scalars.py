"""The scalars of the API."""

import re
from datetime import date, datetime
from typing import Any, NewType
from uuid import UUID

import strawberry
from strawberry.types.scalar import ScalarDefinition

from ecoctrl_gql.engine import bulk_coercion, iso_datetimes, json_strings
from ecoctrl_gql.errors import BadInputError

BigInt = NewType("BigInt", int)

MAX_BIG_INT = 2**63

# Python reads all of ISO 8601, weeks and dates without dashes included.
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_DATETIME = re.compile(rf"{_DATE.pattern}T\d{{2}}:", re.ASCII | re.IGNORECASE)


def parse_datetime(value: object) -> datetime:
    """
    Read an RFC 3339 date and time.

    Raises:
        BadInputError: It is none, or has no offset; guessing a time zone would move events by hours.
    """
    try:
        parsed = (
            datetime.fromisoformat(value.upper())
            if isinstance(value, str) and _DATETIME.match(value)
            else None
        )
    except ValueError:
        parsed = None
    if parsed is None:
        raise BadInputError(f"{_shown(value)} is no date and time such as 2026-11-22T09:00:00+08:00.")
    if parsed.tzinfo is None:
        raise BadInputError(
            f"{_shown(value)} needs an offset, such as Z or +08:00, to say which instant it is."
        )
    return parsed


def parse_date(value: object) -> date:
    """
    Read an ISO 8601 calendar date.

    Raises:
        BadInputError: It is none.
    """
    try:
        if isinstance(value, str) and _DATE.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise BadInputError(f"{_shown(value)} is no date such as 2026-11-22.")


def parse_big_int(value: object) -> int:
    """
    Read a whole number of 64 bits.

    Raises:
        BadInputError: It is none.
    """
    if isinstance(value, int) and not isinstance(value, bool) and -MAX_BIG_INT <= value < MAX_BIG_INT:
        return value
    raise BadInputError(f"{_shown(value)} is no whole number of 64 bits.")


def parse_uuid(value: object) -> UUID:
    """
    Read a UUID.

    Raises:
        BadInputError: It is none.
    """
    try:
        if isinstance(value, str):
            return UUID(value)
    except ValueError:
        pass
    raise BadInputError(f"{_shown(value)} is no UUID.")


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 40 else text[:37] + "…"


def _scalar(
    name: str, origin: Any, description: str, serialize: Any, parse: Any, url: str | None = None
) -> Any:
    return ScalarDefinition(
        name=name,
        description=description,
        specified_by_url=url,
        serialize=serialize,
        parse_value=parse,
        parse_literal=None,
        origin=origin,
    )


def _itself(value: object) -> object:
    return value


SCALARS: dict[object, ScalarDefinition] = {
    datetime: _scalar(
        "DateTime",
        datetime,
        "An instant as RFC 3339 text with its offset, such as 2026-11-22T09:00:00+08:00.",
        bulk_coercion({datetime: iso_datetimes})(datetime.isoformat),
        parse_datetime,
        "https://www.rfc-editor.org/rfc/rfc3339",
    ),
    date: _scalar(
        "Date",
        date,
        "A calendar day, such as 2026-11-22.",
        bulk_coercion({date: json_strings})(date.isoformat),
        parse_date,
    ),
    UUID: _scalar(
        "UUID",
        UUID,
        "A universally unique identifier as text, such as 0b0f36ba-5d3a-4b6e-9f0a-7b1d7c3c9f52.",
        str,
        parse_uuid,
        "https://www.rfc-editor.org/rfc/rfc9562",
    ),
    BigInt: _scalar(
        "BigInt", BigInt, "A whole number of up to 64 bits, as a JSON number.", _itself, parse_big_int
    ),
}
"""The scalars by the Python type that stands for them in annotations, for the schema's configuration."""

bulk_coercion({str: list})(str)  # keys of type uuid are text already

JSON = strawberry.scalars.JSON
