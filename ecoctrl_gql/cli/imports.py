"""Commands that import data of others."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from ecoctrl_gql.cli.session import load_settings, running_database
from ecoctrl_gql.db import migrations
from ecoctrl_gql.imports.options import ReadingsOptions
from ecoctrl_gql.imports.readings import import_readings_file
from ecoctrl_gql.imports.report import BadLine, RejectedFileError
from ecoctrl_gql.progress import shown_progress

app = typer.Typer(help="Import data from files.", no_args_is_help=True)


@app.callback()
def group() -> None:
    """Import data from files."""


@app.command()
def readings(
    file: Annotated[
        Path, typer.Argument(help="A CSV file of hourly readings: time, kWh, area; gzip is fine.")
    ],
    time_column: Annotated[str | None, typer.Option(help="The column of the hour's begin.")] = None,
    kwh_column: Annotated[str | None, typer.Option(help="The column of the energy, in kWh.")] = None,
    area_column: Annotated[str | None, typer.Option(help="The column of the area's title.")] = None,
    area: Annotated[str | None, typer.Option(help="The area of the whole file, instead of a column.")] = None,
    timezone: Annotated[
        str | None,
        typer.Option(help="The IANA time zone of times that have no offset, such as Asia/Shanghai."),
    ] = None,
    time_format: Annotated[
        str | None, typer.Option(help="The form of the times, such as '%d.%m.%Y %H:%M'; ISO 8601 by default.")
    ] = None,
    delimiter: Annotated[str | None, typer.Option(help="What separates columns; found by itself.")] = None,
    decimal_comma: Annotated[bool, typer.Option(help="Numbers have a comma for the point.")] = False,
    encoding: Annotated[str | None, typer.Option(help="The file's encoding; UTF-8 by default.")] = None,
    create_areas: Annotated[bool, typer.Option(help="Make areas that are missing.")] = False,
    skip_bad_lines: Annotated[
        bool, typer.Option(help="Import the good lines although there are bad ones.")
    ] = False,
) -> None:
    """Import hourly readings: all of the file, or nothing when a line can't be used."""
    options = ReadingsOptions(
        time_column=time_column,
        kwh_column=kwh_column,
        area_column=area_column,
        area=area,
        timezone=timezone,
        time_format=time_format,
        delimiter=delimiter,
        decimal_comma=decimal_comma,
        encoding=encoding,
        create_areas=create_areas,
        skip_bad_lines=skip_bad_lines,
    )
    with running_database(load_settings()) as url:
        migrations.check_revision(url)
        try:
            with shown_progress(sys.stderr) as progress:
                report = import_readings_file(url, file, options, progress)
        except RejectedFileError as error:
            tell_bad_lines(error.bad_lines, error.bad_count)
            if error.unknown_areas:
                typer.echo("The option --create-areas makes areas that are missing.", err=True)
            raise
    tell_bad_lines(report.bad_lines, report.bad_count)
    typer.echo(str(report))


def tell_bad_lines(lines: list[BadLine], count: int) -> None:
    for line in lines:
        typer.echo(str(line), err=True)
    if count > len(lines):
        typer.echo(f"… and {count - len(lines):,} more lines that can't be used.", err=True)
