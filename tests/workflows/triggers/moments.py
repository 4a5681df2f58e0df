"""Instants for tests."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def at(zone: str, *parts: int, fold: int = 0) -> datetime:
    return datetime(*parts, tzinfo=ZoneInfo(zone), fold=fold)
