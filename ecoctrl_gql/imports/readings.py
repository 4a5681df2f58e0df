"""Import hourly readings from a CSV file."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, TypeVar

from ecoctrl_gql.db.bulk import Bulk, StagedReadings, bulk_transaction
from ecoctrl_gql.db.tables import EnergyAreaRow
from ecoctrl_gql.errors import BadInputError
from ecoctrl_gql.imports.lines import ReadingLines
from ecoctrl_gql.imports.options import ReadingsOptions
from ecoctrl_gql.imports.report import KEPT, BadLines, ReadingsReport, RejectedFileError
from ecoctrl_gql.imports.source import opened_text
from ecoctrl_gql.progress import Progress, Silent

ItemT = TypeVar("ItemT")

LOCK = "import readings"
TELL_EVERY = 2000
"""So many lines lie between two reports of progress."""


def import_readings_file(
    conninfo: str, path: Path, options: ReadingsOptions, progress: Progress | None = None
) -> ReadingsReport:
    """
    Import the readings of a CSV file; see `import_readings`.

    Raises:
        BadInputError: As there, or the file can't be opened.
    """
    try:
        file = path.open("rb")
    except OSError as error:
        raise BadInputError(f"{path} can't be read: {error.strerror}.") from error
    with file:
        return import_readings(conninfo, file, options, progress)


def import_readings(
    conninfo: str, file: IO[bytes], options: ReadingsOptions, progress: Progress | None = None
) -> ReadingsReport:
    """
    Import the readings of a CSV file, all of them or, when a line can't be used, none.

    A reading is known by its area and the hour it began: one that is there already with the same value
    stays, one with another value is updated. Of two lines with the same area and hour the second is bad.

    Args:
        conninfo: The database.
        file: The CSV file, open for reading at its start, and seekable; it may be compressed by gzip.
        options: How to read it, what to do with bad lines and unknown areas.
        progress: Who is told how far it is.

    Raises:
        RejectedFileError: Lines can't be used, or areas are unknown, and the options don't allow it.
        BadInputError: The file as a whole can't be read, or lacks a column.
        UnavailableError: The database is away.
    """
    progress = progress or Silent()
    size = _size(file)
    with (
        bulk_transaction(conninfo, LOCK) as bulk,
        opened_text(file, options.encoding) as text,
    ):
        progress.step("Reading the file", size)
        lines = ReadingLines(text, options)
        staged = bulk.staged_readings()
        staged.copy(_told(lines, file, progress))
        progress.step("Writing the readings")
        _reject_duplicates(staged, lines.bad)
        created = _settle(bulk, staged, lines, options)
        written = staged.write(bulk.platform_timezone())
    return ReadingsReport(
        lines=lines.count,
        added=written.added,
        updated=written.updated,
        unchanged=written.unchanged,
        created_areas=created,
        bad_count=lines.bad.count,
        bad_lines=sorted(lines.bad.kept),
    )


def _settle(bulk: Bulk, staged: StagedReadings, lines: ReadingLines, options: ReadingsOptions) -> list[str]:
    """Refuse the file, or make the areas that it lacks; their titles."""
    unknown = staged.unknown_areas()
    refused_areas = [] if options.create_areas else unknown
    if refused_areas or (lines.bad.count and not options.skip_bad_lines):
        raise RejectedFileError(lines.count, lines.bad, refused_areas)
    bulk.insert_missing(EnergyAreaRow, map(new_area, unknown), same=["title"])
    return unknown


def new_area(title: str) -> dict[str, object]:
    """An area of which nothing is known yet but its title."""
    return {
        "title": title,
        "current": 0,
        "target": 0,
        "color": "bg-slate-500",
        "power_factor": 1.0,
        "load_rate": "0%",
    }


def _reject_duplicates(staged: StagedReadings, bad: BadLines) -> None:
    count, some = staged.drop_duplicates(KEPT)
    for line, first in some:
        bad.add(line, f"it has the same area and time as line {first}")
    bad.count += count - len(some)


def _told(items: Iterable[ItemT], file: IO[bytes], progress: Progress) -> Iterator[ItemT]:
    """The items, while progress is told of the bytes they took."""
    told = 0
    for number, item in enumerate(items, start=1):
        yield item
        if number % TELL_EVERY == 0:
            progress.advance((position := file.tell()) - told)
            told = position
    progress.advance(file.tell() - told)


def _size(file: IO[bytes]) -> int:
    size = file.seek(0, 2)
    file.seek(0)
    return size
