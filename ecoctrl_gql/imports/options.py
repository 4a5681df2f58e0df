"""How a file of readings is to be read."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from ecoctrl_gql.errors import BadInputError


@dataclass(frozen=True, slots=True)
class ReadingsOptions:
    """
    How a file of readings is to be read.

    Attributes:
        time_column: The column that says when the hour began; by default the first of `TIME_COLUMNS`.
        kwh_column: The column of the energy in kWh; by default the first of `KWH_COLUMNS`.
        area_column: The column of the area's title; by default the first of `AREA_COLUMNS`.
        area: The area of the whole file, in place of a column.
        timezone: Where times without an offset are told, as an IANA name.
        time_format: The form of the times, as for `datetime.strptime`; by default ISO 8601.
        delimiter: What separates columns; by default comma, semicolon or tab, as the header has it.
        decimal_comma: Whether numbers have a comma for the point.
        encoding: The file's encoding; by default UTF-8, or UTF-16 where a byte order mark says so.
        create_areas: Whether areas that are missing are made.
        skip_bad_lines: Whether the good lines are imported although there are bad ones.
    """

    time_column: str | None = None
    kwh_column: str | None = None
    area_column: str | None = None
    area: str | None = None
    timezone: str | None = None
    time_format: str | None = None
    delimiter: str | None = None
    decimal_comma: bool = False
    encoding: str | None = None
    create_areas: bool = False
    skip_bad_lines: bool = False

    def __post_init__(self) -> None:
        if self.area is not None and self.area_column is not None:
            raise BadInputError(
                "Name either the area of the whole file or the column of the areas, not both."
            )
        if self.delimiter is not None and len(self.delimiter) != 1:
            raise BadInputError("The delimiter must be one character.")
        _ = self.zone

    @property
    def zone(self) -> ZoneInfo | None:
        """
        The zone of times without an offset.

        Raises:
            BadInputError: There is no such zone.
        """
        try:
            return ZoneInfo(self.timezone) if self.timezone else None
        except (KeyError, ValueError, OSError):  # OSError: a name such as Asia, which is a directory
            raise BadInputError(
                f"There is no time zone {self.timezone}; a name such as Asia/Shanghai is needed."
            ) from None
