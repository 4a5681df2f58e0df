"""
Uploads by the GraphQL multipart request specification.

Everything is checked before the files take their places among the variables.
"""

from collections.abc import Callable
from typing import Any

from cross_web import HTTPException
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException
from starlette.requests import Request

MAX_FILES = 20
MAX_FIELDS = 10
MAX_PATHS = 100
MAX_FIELD_BYTES = 2_000_000
MAX_INDEX_DIGITS = 6

# A page of another origin can send a form, but none of these headers without asking first.
PREFLIGHT_HEADERS = ("apollo-require-preflight", "x-requested-with")


async def read_upload(request: Request, decode: Callable[[str], object]) -> dict[str, Any]:
    """
    The operation, with an ``UploadFile`` in each place that the map names.

    Raises:
        HTTPException: The preflight header is missing or the form is malformed.
    """
    if not any(request.headers.get(name) for name in PREFLIGHT_HEADERS):
        raise HTTPException(403, "Uploads need the header Apollo-Require-Preflight or X-Requested-With.")
    form = await _read_form(request)
    operations = decode(_text(form, "operations"))
    if not isinstance(operations, dict):
        raise HTTPException(400, "`operations` must be a JSON object.")
    places = _checked_map(decode(_text(form, "map")))
    for name, paths in places.items():
        file = form.get(name)
        if not isinstance(file, UploadFile):
            raise HTTPException(400, "`map` names a file that the form does not hold.")
        for path in paths:
            _place(operations, path.split("."), file)
    return operations


async def _read_form(request: Request) -> FormData:
    try:
        return await request.form(max_files=MAX_FILES, max_fields=MAX_FIELDS, max_part_size=MAX_FIELD_BYTES)
    except MultiPartException as error:
        raise HTTPException(400, f"The form is malformed: {error.message}") from None


def _text(form: FormData, name: str) -> str:
    value = form.get(name)
    if not isinstance(value, str):
        raise HTTPException(400, f"The form needs the text field `{name}`.")
    return value


def _checked_map(files: object) -> dict[str, list[str]]:
    if not isinstance(files, dict) or not all(_is_list_of_text(paths) for paths in files.values()):
        raise HTTPException(400, "`map` must be an object of lists of paths.")
    if sum(map(len, files.values())) > MAX_PATHS:
        raise HTTPException(400, f"`map` may name at most {MAX_PATHS} places.")
    return files


def _is_list_of_text(paths: object) -> bool:
    return isinstance(paths, list) and all(isinstance(path, str) for path in paths)


def _place(operations: dict[str, Any], path: list[str], file: UploadFile) -> None:
    """Put a file where the specification wants a null, below ``variables``."""
    parent: Any = operations
    for key in path[:-1]:
        parent = _child(parent, key)
    if path[0] != "variables" or len(path) < 2 or _child(parent, path[-1]) is not None:
        raise _no_place()
    parent[_key(parent, path[-1])] = file


def _child(parent: Any, key: str) -> Any:
    try:
        return parent[_key(parent, key)]
    except (KeyError, IndexError):
        raise _no_place() from None


def _key(parent: object, key: str) -> str | int:
    if isinstance(parent, dict):
        return key
    # int() alone would take "-1", "1_0" and thousands of digits.
    if isinstance(parent, list) and key.isascii() and key.isdigit() and len(key) <= MAX_INDEX_DIGITS:
        return int(key)
    raise _no_place()


def _no_place() -> HTTPException:
    return HTTPException(400, "`map` names a place that is not a null among the variables.")
