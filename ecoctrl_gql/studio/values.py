"""
Between a form's texts and a column's values.

A form's text stays with its value until the row is written: a form that comes back shows what was typed,
what can't be read is refused rather than taken for null, and a text that is what the form showed before
leaves the stored value as it is, to the microsecond.
"""

import json
import math
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from starlette.requests import Request
from starlette_admin import RequestAction
from starlette_admin.fields import BaseField
from starlette_admin.i18n import get_tzinfo

from ecoctrl_gql.db.studio_tables import ColumnFacts, Kind

FORMS = (RequestAction.CREATE, RequestAction.EDIT)


class Entered(str):
    """A text from a form with the value that it stands for, or the reason why it stands for none."""

    __slots__ = ("reason", "value")

    value: Any
    reason: str | None

    @classmethod
    def read(cls, text: str, column: ColumnFacts) -> "Entered":
        entered = cls(text)
        entered.value, entered.reason = None, None
        read, expected = _READERS.get(column.kind, (str, ""))
        try:
            entered.value = read(text)
        except (ValueError, RecursionError):
            entered.reason = expected
        if column.choices and text not in column.choices:
            entered.reason = "This is not one of the choices."
        return entered


def refuse_unreadable(_request: Request, _field: BaseField, value: Any, _form: dict[str, Any]) -> None:
    """
    A field's validator.

    Raises:
        ValueError: The text stands for no value; the message says what was expected.
    """
    if isinstance(value, Entered) and value.reason is not None:
        raise ValueError(value.reason)


def reader(column: ColumnFacts) -> Callable[[Request, Any], Entered | None]:
    """A function from what a form sent for the column; an empty text is null."""

    def read(_request: Request, raw: Any) -> Entered | None:
        if not isinstance(raw, str) or not raw.strip():
            return None
        return Entered.read(raw.replace("\r\n", "\n"), column)  # a text area sends its own line ends

    return read


def stored(entered: Any, shown: Any, old: Any) -> Any:
    """The value to store for what was entered into a field that showed ``shown`` for the value ``old``."""
    if isinstance(entered, bool):
        return entered
    if (entered or "") == ("" if shown is None else str(shown)):
        return old
    return entered.value if isinstance(entered, Entered) else entered


def writer(column: ColumnFacts, action: RequestAction) -> Callable[[Request, Any], Any] | None:
    """A function from a value to what a page of this kind shows; None where the library's will do."""
    if column.kind is Kind.JSON:
        return _json_text if action is not RequestAction.EXPORT else _itself
    if column.kind is Kind.DATETIME:
        return {RequestAction.EXPORT: _utc}.get(action, _input_time if action in FORMS else _shown_time)
    return None


def _integer(raw: str) -> int:
    return int(raw.strip())


def _number(raw: str) -> float:
    number = float(raw)
    if not math.isfinite(number):
        raise ValueError(raw)
    return number


def _time(raw: str) -> datetime:
    time = datetime.fromisoformat(raw.strip())
    return time if time.tzinfo else time.replace(tzinfo=get_tzinfo())


def _day(raw: str) -> date:
    return date.fromisoformat(raw.strip())


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _json(raw: str) -> Any:
    return json.loads(raw, parse_constant=_no_constant)  # NaN and Infinity are no JSON to PostgreSQL


_READERS: dict[Kind, tuple[Callable[[str], Any], str]] = {
    Kind.INTEGER: (_integer, "This is not a whole number."),
    Kind.FLOAT: (_number, "This is not a number."),
    Kind.DATETIME: (_time, "This is not a time such as 2026-01-31 08:30:00."),
    Kind.DATE: (_day, "This is not a date such as 2026-01-31."),
    Kind.JSON: (_json, "This is not valid JSON."),
}


def _json_text(_request: Request, value: Any) -> str | None:
    return None if value is None else json.dumps(value, ensure_ascii=False, indent=2)


def _itself(_request: Request, value: Any) -> Any:
    return value


def _utc(_request: Request, value: datetime | None) -> str | None:
    return None if value is None else value.isoformat()


def _shown_time(_request: Request, value: datetime | None) -> str | None:
    return None if value is None else value.astimezone(get_tzinfo()).isoformat(" ", "seconds")


def _input_time(_request: Request, value: datetime | None) -> str | None:
    if value is None:
        return None
    return value.astimezone(get_tzinfo()).replace(tzinfo=None).isoformat(" ", "seconds")
