"""Bringing in data from files."""

from ecoctrl_gql.imports.options import ReadingsOptions
from ecoctrl_gql.imports.readings import import_readings, import_readings_file
from ecoctrl_gql.imports.report import BadLine, ReadingsReport, RejectedFileError

__all__ = [
    "BadLine",
    "ReadingsOptions",
    "ReadingsReport",
    "RejectedFileError",
    "import_readings",
    "import_readings_file",
]
