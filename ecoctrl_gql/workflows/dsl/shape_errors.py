"""Reads parts of a document by their models, and tells what does not fit in the words of the document."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any, Final, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from ecoctrl_gql.workflows.dsl.fields import JSON_TYPES, Shape
from ecoctrl_gql.workflows.dsl.problems import Problems, Rule, shown, step_into

ShapeT = TypeVar("ShapeT", bound=Shape)

_EXPECTED: Final = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "dict_type": "an object",
    "list_type": "a list",
    "model_type": "an object",
    "model_attributes_type": "an object",
    "json_text": "JSON",
}

_EDITOR_KEYS: Final = frozenset(
    {
        *("animated", "className", "data", "deletable", "draggable", "dragging", "height", "hidden"),
        *("markerEnd", "markerStart", "measured", "parentId", "positionAbsolute", "selectable", "selected"),
        *("style", "type", "viewport", "width", "zIndex"),
    }
)
"""What graphical editors keep in nodes and edges; it is not worth a word."""


def read_shape(model: type[ShapeT], raw: Any, path: str, problems: Problems) -> ShapeT | None:
    """
    Read a part of a document.

    What does not fit is told and left out, so that the rest can still be looked at.

    Returns:
        None where too little fits.
    """
    try:
        shape = model.model_validate(raw)
    except ValidationError as error:
        details = error.errors(include_url=False)
        for detail in details:
            _tell(model, detail, path, problems)
        return _fitting_part(model, raw, {detail["loc"][0] for detail in details if detail["loc"]})
    _tell_unknown_keys(shape, path, problems)
    return shape


def _fitting_part(model: type[ShapeT], raw: Any, unfit: set[int | str]) -> ShapeT | None:
    if not isinstance(raw, dict):
        return None
    try:
        return model.model_validate({key: value for key, value in raw.items() if key not in unfit})
    except ValidationError:
        return None


def _tell(model: type[Shape], detail: ErrorDetails, path: str, problems: Problems) -> None:
    place = step_into(path, *detail["loc"])
    whole = "This" if path else "The document"
    what = next((str(step) for step in reversed(detail["loc"]) if isinstance(step, str)), whole)
    rule, message = _in_words(what, detail)
    rule = Rule.VERSION if place == "version" else rule
    problems.error(place, rule, message, _hint(model, detail["loc"]))


def _in_words(what: str, detail: ErrorDetails) -> tuple[Rule, str]:
    context: Mapping[str, Any] = detail.get("ctx", {})
    match detail["type"]:
        case "missing":
            return Rule.REQUIRED, f"{what} is missing."
        case "string_too_short":
            return Rule.REQUIRED, f"{what} is empty."
        case "string_too_long":
            return Rule.VALUE, f"{what} has more than {context['max_length']} characters."
        case "too_long":
            return Rule.TOO_LARGE, f"{what} has more than {context['max_length']:,} items."
        case "literal_error":
            return Rule.VALUE, f'{what} is {context["expected"]}, not "{shown(detail["input"])}".'
        case "greater_than_equal":
            return Rule.VALUE, f"{what} can't be less than {context['ge']}."
        case "json_type":
            return Rule.TYPE, f"{what} is {context['expected']}, not {_type_name(detail['input'])}."
        case type_ if type_ in _EXPECTED:
            return Rule.TYPE, f"{what} needs {_EXPECTED[type_]}, not {_type_name(detail['input'])}."
    return Rule.VALUE, f"{what} can't be used: {detail['msg']}."


def _type_name(value: object) -> str:
    return "null" if value is None else JSON_TYPES.get(type(value), ("", type(value).__name__))[1]


def _hint(model: type[Shape], location: tuple[int | str, ...]) -> str | None:
    """What the field is for, as its model says."""
    fields = (field for field in model.model_fields.values() if location and field.alias == location[0])
    return next((field.description for field in fields), None)


def _tell_unknown_keys(shape: Shape, path: str, problems: Problems) -> None:
    for place, part, key in _unknown_keys(shape, path):
        if problems.full:
            problems.warnings += 1
            continue
        message = f'"{shown(key)}" has no meaning here; it is kept.'
        problems.warning(step_into(place, key), Rule.UNKNOWN_KEY, message, _alternative(type(part), key))


def _unknown_keys(shape: Shape, path: str) -> Iterator[tuple[str, Shape, str]]:
    for key in shape.model_extra or ():
        if not key.startswith(("_", "$")) and key not in _EDITOR_KEYS:
            yield path, shape, key
    for name, value in shape.__dict__.items():
        key = str(type(shape).model_fields[name].alias)
        if isinstance(value, Shape):
            yield from _unknown_keys(value, step_into(path, key))
        elif isinstance(value, list) and value and isinstance(value[0], Shape):
            for index, part in enumerate(value):
                yield from _unknown_keys(part, step_into(path, key, index))


def _alternative(model: type[Shape], key: str) -> str | None:
    known = [str(field.alias) for field in model.model_fields.values()]
    close = get_close_matches(key[:100], known, n=1)
    return f"Perhaps {close[0]} is meant." if close else None
