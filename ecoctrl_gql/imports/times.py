"""When the hour of a reading began, from the text of a file."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

DATE_LENGTH = len("2024-01-31")


def hour_start(text: str, time_format: str | None, zone: ZoneInfo | None) -> datetime:
    """
    The time that a text tells, which must be on the full hour where it is told.

    Args:
        text: The time, with or without an offset.
        time_format: Its form, as for `datetime.strptime`; ISO 8601 when None.
        zone: Where times without an offset are told.

    Raises:
        ValueError: The text is no such time; the message says why.
    """
    time = _parsed(text, time_format)
    if time.minute or time.second or time.microsecond:
        raise ValueError(f"the time {text} is not on the full hour, which an hourly reading begins at")
    try:
        if time.tzinfo is None:
            time = _localized(time, text, zone)
        return time.astimezone(UTC)
    except OverflowError:
        raise ValueError(f"the time {text} is out of range") from None


def _parsed(text: str, time_format: str | None) -> datetime:
    if not text:
        raise ValueError("the time is missing")
    try:
        if time_format:
            return datetime.strptime(text, time_format)  # noqa: DTZ007  # the zone is looked at above
        if len(text) > DATE_LENGTH:  # a date alone would pass for its midnight
            return datetime.fromisoformat(text)
    except ValueError:
        pass
    raise ValueError(f"the time {text} is not of the form {time_format or '2024-01-31T09:00+08:00'}")


def _localized(time: datetime, text: str, zone: ZoneInfo | None) -> datetime:
    if zone is None:
        raise ValueError(f"the time {text} has no offset, and no time zone is named")
    first, second = time.replace(tzinfo=zone, fold=0), time.replace(tzinfo=zone, fold=1)
    before, after = first.utcoffset() or timedelta(), second.utcoffset() or timedelta()
    if before < after:
        raise ValueError(f"the time {text} does not exist in {zone.key}: clocks went forward")
    if before > after:
        raise ValueError(
            f"the time {text} came twice in {zone.key}: clocks went back; tell it with its offset"
        )
    return first
