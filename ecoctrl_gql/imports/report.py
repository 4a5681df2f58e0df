"""What came of an import."""

from dataclasses import dataclass, field
from typing import Any

from ecoctrl_gql.errors import BadInputError

KEPT = 1000
"""So many bad lines are told one by one; a file of nothing else must not fill the memory."""

SHOWN = 3
"""So many of them stand in an error's message."""


@dataclass(frozen=True, slots=True, order=True)
class BadLine:
    """A line that can't be imported; the file's first line, the header, is number 1."""

    line: int
    reason: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.reason}"


@dataclass(slots=True)
class BadLines:
    """The bad lines of a file: all are counted, the first ones kept."""

    count: int = 0
    kept: list[BadLine] = field(default_factory=list)

    def add(self, line: int, reason: str) -> None:
        self.count += 1
        if len(self.kept) < KEPT:
            self.kept.append(BadLine(line, reason))


@dataclass(frozen=True, slots=True)
class ReadingsReport:
    """
    What an import of readings did.

    Attributes:
        lines: Lines with data that the file has.
        added: Readings that were new.
        updated: Readings whose value was another before.
        unchanged: Readings that were there with the same value.
        created_areas: Titles of the areas that were made.
        bad_count: Lines that were left out.
        bad_lines: The first of them, by line.
    """

    lines: int
    added: int
    updated: int
    unchanged: int
    created_areas: list[str]
    bad_count: int
    bad_lines: list[BadLine]

    def __str__(self) -> str:
        parts = [f"{self.added:,} readings added, {self.updated:,} updated, {self.unchanged:,} unchanged"]
        if self.created_areas:
            parts.append(f"{_counted(len(self.created_areas), 'area')} created")
        if self.bad_count:
            parts.append(f"{_counted(self.bad_count, 'line')} left out")
        return "; ".join(parts) + "."


class RejectedFileError(BadInputError):
    """
    Nothing was imported, because of bad lines or unknown areas.

    Attributes:
        lines: Lines with data that the file has.
        bad_count: How many of them are bad.
        bad_lines: The first of those, by line.
        unknown_areas: Titles that no area has, in alphabetical order.
    """

    def __init__(self, lines: int, bad: BadLines, unknown_areas: list[str]) -> None:
        self.lines = lines
        self.bad_count = bad.count
        self.bad_lines = sorted(bad.kept)
        self.unknown_areas = unknown_areas
        super().__init__(f"Nothing was imported: {'; '.join(self._problems())}.")

    @property
    def extensions(self) -> dict[str, Any]:
        lines = [{"line": bad.line, "reason": bad.reason} for bad in self.bad_lines]
        return super().extensions | {
            "badLines": lines,
            "unknownAreas": self.unknown_areas,
        }

    def _problems(self) -> list[str]:
        problems = []
        if self.bad_count:
            some = "; ".join(map(str, self.bad_lines[:SHOWN]))
            more = "; …" if self.bad_count > SHOWN else ""
            problems.append(
                f"{self.bad_count:,} of {_counted(self.lines, 'line')} can't be used ({some}{more})"
            )
        if self.unknown_areas:
            some = ", ".join(self.unknown_areas[:SHOWN]) + (", …" if len(self.unknown_areas) > SHOWN else "")
            areas = _counted(len(self.unknown_areas), "unknown area")
            problems.append(f"the file has {areas} ({some}), which can be created on request")
        return problems


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
