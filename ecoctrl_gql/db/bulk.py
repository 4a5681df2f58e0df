"""
Writing many rows at once: one transaction on a connection of its own, rows by COPY.

Rows go to a temporary table first and from there, in one statement, to where they are missing or differ.
So a second run finds nothing to do, and takes no serial keys for rows that it does not insert.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
import psycopg
from psycopg import Connection
from psycopg.sql import SQL, Composed, Identifier
from psycopg.types.json import Jsonb, set_json_dumps
from psycopg.types.string import TextLoader
from sqlalchemy.dialects.postgresql import JSONB

from ecoctrl_gql.db.base import Base
from ecoctrl_gql.db.failures import our_errors
from ecoctrl_gql.db.records import attributes, key_name
from ecoctrl_gql.db.tables import PlatformConfigRow

DEFAULT_TIMEZONE = "Asia/Shanghai"
"""The platform's time zone as long as there is no configuration."""

StagedReading = tuple[int, str, datetime, float]
"""A reading from outside: its line, the title of its area, when its hour began, its energy in kWh."""


@contextmanager
def bulk_transaction(conninfo: str, lock: str) -> Iterator["Bulk"]:
    """
    A transaction that takes effect at the end of the block, or not at all.

    Blocks with the same ``lock`` wait for one another: two of them that write the same rows in different
    orders would else end in a deadlock.

    Raises:
        UnavailableError: The database is away.
        ConflictError, BadInputError: As for `Repository.create`.
    """
    with our_errors, psycopg.connect(conninfo, application_name="ecoctrl") as connection:
        set_json_dumps(orjson.dumps, connection)
        connection.adapters.register_loader("uuid", TextLoader)  # keys travel as text
        connection.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [lock])
        yield Bulk(connection)


class Bulk:
    """Writes to any table, within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def insert_missing(
        self,
        row_type: type[Base],
        rows: Iterable[Mapping[str, Any]],
        *,
        same: Sequence[str] | None = None,
        returning: Sequence[str] = (),
    ) -> list[tuple[Any, ...]]:
        """
        Insert the rows that the table does not have yet; those that it has stay as they are.

        Args:
            row_type: The table.
            rows: Values by attribute, with the same attributes in each row.
            same: The attributes by which a row is known; the key, unless others are named. An empty list
                means that any row of the table stands for the new one.
            returning: The attributes to give of each inserted row; the key, unless others are named.
        """
        values = list(rows)
        if not values:
            return []
        names = tuple(values[0])
        same = (key_name(row_type),) if same is None else same
        returning = returning or (key_name(row_type),)
        self._stage(row_type, names, values)
        inserted = self._connection.execute(_insert_staged(row_type, names, same, returning)).fetchall()
        self._connection.execute("DROP TABLE staged_rows")
        return inserted

    def _stage(self, row_type: type[Base], names: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> None:
        table, columns = Identifier(row_type.__tablename__), _columns(row_type, names)
        self._connection.execute(
            SQL("CREATE TEMPORARY TABLE staged_rows AS SELECT {} FROM {} WITH NO DATA").format(columns, table)
        )
        json = {name for name in names if isinstance(attributes(row_type)[name].type, JSONB)}
        with self._connection.cursor().copy(SQL("COPY staged_rows ({}) FROM STDIN").format(columns)) as copy:
            for row in rows:
                copy.write_row([Jsonb(row[name]) if name in json else row[name] for name in names])

    def lock(self, row_type: type[Base]) -> None:
        """Keep others from changing a table until the transaction ends."""
        self._connection.execute(
            SQL("LOCK TABLE {} IN SHARE ROW EXCLUSIVE MODE").format(Identifier(row_type.__tablename__))
        )

    def is_empty(self, row_type: type[Base]) -> bool:
        return self._first(SQL("SELECT 1 FROM {} LIMIT 1").format(Identifier(row_type.__tablename__))) is None

    def platform_timezone(self) -> str:
        """The site's time zone, as an IANA name."""
        table = Identifier(PlatformConfigRow.__tablename__)
        return str(self._first(SQL("SELECT timezone FROM {}").format(table)) or DEFAULT_TIMEZONE)

    def staged_readings(self) -> "StagedReadings":
        """An empty place for readings on their way to the table; one a transaction."""
        return StagedReadings(self._connection)

    def _first(self, query: Composed) -> Any:
        row = self._connection.execute(query).fetchone()
        return row and row[0]


def _insert_staged(
    row_type: type[Base], names: Sequence[str], same: Sequence[str], returning: Sequence[str]
) -> Composed:
    """ON CONFLICT is for rows that are the same by another unique key, or that came in meanwhile."""
    columns = _columns(row_type, names)
    known = [SQL("there.{0} = staged_rows.{0}").format(_columns(row_type, [name])) for name in same]
    return SQL(
        "INSERT INTO {table} ({columns}) SELECT {columns} FROM staged_rows"
        " WHERE NOT EXISTS (SELECT FROM {table} there WHERE {known})"
        " ON CONFLICT DO NOTHING RETURNING {returning}"
    ).format(
        table=Identifier(row_type.__tablename__),
        columns=columns,
        known=SQL(" AND ").join(known) if known else SQL("true"),
        returning=_columns(row_type, returning),
    )


def _columns(row_type: type[Base], names: Sequence[str]) -> Composed:
    return SQL(", ").join(Identifier(attributes(row_type)[name].name) for name in names)


@dataclass(frozen=True, slots=True)
class WrittenReadings:
    """How many readings were new, replaced another value, or were there already."""

    added: int
    updated: int
    unchanged: int


class StagedReadings:
    """Readings from outside in a temporary table, so that any number of them takes no memory here."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        connection.execute(
            "CREATE TEMPORARY TABLE staged_readings"
            " (line bigint, area text, reading_at timestamptz, k_wh real) ON COMMIT DROP"
        )

    def copy(self, readings: Iterable[StagedReading]) -> None:
        with self._connection.cursor().copy(
            "COPY staged_readings (line, area, reading_at, k_wh) FROM STDIN"
        ) as copy:
            for reading in readings:
                copy.write_row(reading)
        self._connection.execute("ANALYZE staged_readings")

    def drop_duplicates(self, limit: int) -> tuple[int, list[tuple[int, int]]]:
        """
        Keep the first reading of each area and hour.

        Returns:
            How many others there were; the line of each, up to ``limit``, with the line it repeats.
        """
        rows = self._connection.execute(
            "WITH numbered AS ("
            "   SELECT line, min(line) OVER (PARTITION BY area, reading_at) AS first FROM staged_readings"
            "), dropped AS ("
            "   DELETE FROM staged_readings USING numbered"
            "   WHERE staged_readings.line = numbered.line AND numbered.line > first"
            "   RETURNING numbered.line, first"
            ") SELECT count(*) OVER (), line, first FROM dropped ORDER BY line LIMIT %s",
            [limit],
        ).fetchall()
        return (rows[0][0] if rows else 0), [(line, first) for _, line, first in rows]

    def unknown_areas(self) -> list[str]:
        """The titles that no area has, in alphabetical order."""
        rows = self._connection.execute(
            "SELECT DISTINCT area FROM staged_readings"
            " WHERE NOT EXISTS (SELECT FROM energy_areas WHERE title = area) ORDER BY area"
        )
        return [title for (title,) in rows]

    def write(self, timezone: str) -> WrittenReadings:
        """
        Add the readings that are missing and replace those whose value differs.

        Args:
            timezone: Where the hour's label is told, as an IANA name.
        """
        updated = self._connection.execute(
            "UPDATE energy_readings AS reading SET k_wh = staged.k_wh"
            " FROM staged_readings AS staged JOIN energy_areas AS area ON area.title = staged.area"
            " WHERE reading.area_id = area.id AND reading.reading_at = staged.reading_at"
            " AND reading.k_wh <> staged.k_wh"
        ).rowcount
        added = self._connection.execute(
            "INSERT INTO energy_readings (hour, k_wh, reading_at, area_id)"
            " SELECT to_char(staged.reading_at AT TIME ZONE %s, 'HH24:MI'), k_wh, reading_at, area.id"
            " FROM staged_readings AS staged JOIN energy_areas AS area ON area.title = staged.area"
            " WHERE NOT EXISTS (SELECT FROM energy_readings AS reading"
            "  WHERE reading.area_id = area.id AND reading.reading_at = staged.reading_at)"
            " ORDER BY area.id, reading_at"
            " ON CONFLICT (area_id, reading_at) DO UPDATE SET k_wh = excluded.k_wh",
            [timezone],
        ).rowcount
        total = self._connection.execute("SELECT count(*) FROM staged_readings").fetchone()
        return WrittenReadings(added, updated, (total[0] if total else 0) - added - updated)
