"""What the modules of sample rows have in common."""

from typing import Any

Row = dict[str, Any]
"""A row to be: values by attribute of its mapped class."""
