"""The sample data that is kept in files."""

from functools import cache
from importlib.resources import files
from typing import Any

import orjson


@cache
def load_json(name: str) -> Any:
    """What a JSON file of this package holds; not to be changed by the caller."""
    return orjson.loads((files(__name__) / name).read_bytes())


@cache
def names_in(directory: str) -> tuple[str, ...]:
    """The JSON files in a directory of this package, in alphabetical order, as `load_json` takes them."""
    found = (entry.name for entry in (files(__name__) / directory).iterdir())
    return tuple(f"{directory}/{name}" for name in sorted(found) if name.endswith(".json"))
