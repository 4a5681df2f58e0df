"""The lines of a CSV file of readings, one by one."""

import csv
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import TextIO

from ecoctrl_gql.db.bulk import StagedReading
from ecoctrl_gql.errors import BadInputError
from ecoctrl_gql.imports.numbers import energy_kwh
from ecoctrl_gql.imports.options import ReadingsOptions
from ecoctrl_gql.imports.report import BadLines
from ecoctrl_gql.imports.source import found_delimiter
from ecoctrl_gql.imports.times import hour_start

TIME_COLUMNS = ("time", "timestamp", "datetime", "reading_at", "readingAt")
KWH_COLUMNS = ("kwh", "k_wh", "energy_kwh")
AREA_COLUMNS = ("area", "area_title", "building")

TITLE_LENGTH = 255


class ReadingLines:
    """
    The readings of a CSV file, read as they are asked for; what can't be used goes to ``bad``.

    A line must have as many fields as the header: one more is most often a decimal comma taken for a
    delimiter, which would import 1 where 1,5 was meant.

    Raises:
        BadInputError: The file is empty, or the header lacks a column.
    """

    def __init__(self, text: TextIO, options: ReadingsOptions) -> None:
        self.bad = BadLines()
        self.count = 0
        self._options = options
        self._zone = options.zone
        first = text.readline()
        self._rows = csv.reader(
            chain([first], text), delimiter=options.delimiter or found_delimiter(first), strict=True
        )
        self._header = self._read_header()
        self._time = self._column("time", options.time_column, TIME_COLUMNS)
        self._kwh = self._column("energy", options.kwh_column, KWH_COLUMNS)
        self._area = None if options.area else self._column("area", options.area_column, AREA_COLUMNS)

    def __iter__(self) -> Iterator[StagedReading]:
        while True:
            line = self._rows.line_num + 1
            try:
                row = next(self._rows)
            except StopIteration:
                return
            except csv.Error as error:
                self._reject(line, f"{error}; is a quote not closed? (read up to line {self._rows.line_num})")
                continue
            if not row:
                continue
            try:
                reading = self._reading(line, row)
            except ValueError as error:
                self._reject(line, str(error))
                continue
            self.count += 1
            yield reading

    def _reject(self, line: int, reason: str) -> None:
        self.count += 1
        self.bad.add(line, reason)

    def _reading(self, line: int, row: Sequence[str]) -> StagedReading:
        if len(row) != len(self._header):
            raise ValueError(f"there are {len(row)} fields where the header has {len(self._header)}")
        return (
            line,
            (self._options.area or "") if self._area is None else _title(row[self._area].strip()),
            hour_start(row[self._time].strip(), self._options.time_format, self._zone),
            energy_kwh(row[self._kwh].strip(), decimal_comma=self._options.decimal_comma),
        )

    def _read_header(self) -> list[str]:
        try:
            header = [name.strip() for name in next(self._rows, [])]
        except csv.Error as error:
            raise BadInputError(f"The header can't be read: {error}.") from error
        if not header:
            raise BadInputError("The file is empty; its first line must name the columns.")
        return header

    def _column(self, what: str, named: str | None, usual: Sequence[str]) -> int:
        folded = [name.casefold() for name in self._header]
        wanted = [named] if named else usual
        found = [name for name in wanted if name.casefold() in folded]
        if not found:
            raise BadInputError(
                f"There is no column for the {what}: looked for {', '.join(wanted)},"
                f" found {', '.join(self._header)}."
            )
        if folded.count(found[0].casefold()) > 1:
            raise BadInputError(f"The header has the column {found[0]} more than once.")
        return folded.index(found[0].casefold())


def _title(text: str) -> str:
    if not text:
        raise ValueError("the area is missing")
    if len(text) > TITLE_LENGTH or not text.isprintable():
        raise ValueError("the area's title is too long, or has characters that can't be printed")
    return text
