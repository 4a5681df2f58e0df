"""
The types of fields of a node's config.

A config is read twice: as the document holds it, when a template may stand for any value, and after its
templates were rendered, when the value itself must fit. Numbers may be written as text, as editors do.
"""

import json
import re
from dataclasses import dataclass
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.alias_generators import to_camel
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

RENDERED: Final = {"rendered": True}
"""The validation context of a config whose templates were rendered."""

JsonSchema = dict[str, Any]

_TEMPLATE_PATTERN = r"\{\{"
_WHOLE_NUMBER = re.compile(r"\s*[+-]?\d{1,15}(\.0*)?\s*", re.ASCII)


class Shape(BaseModel):
    """Something in a document: its keys in camel case, unknown ones kept."""

    model_config = ConfigDict(
        strict=True, extra="allow", frozen=True, alias_generator=to_camel, allow_inf_nan=False
    )


class OrTemplate:
    """Marks a field in whose place a text with a template may stand until the config is rendered."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.with_info_wrap_validator_function(self.read, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchema:
        texts = "|".join(f"({pattern})" for pattern in (_TEMPLATE_PATTERN, *self.patterns()))
        return {"anyOf": [handler(schema["schema"]), {"type": "string", "pattern": texts}]}

    def read(self, value: Any, handler: Any, info: core_schema.ValidationInfo) -> Any:
        if isinstance(value, str) and "{{" in value and info.context != RENDERED:
            return value
        return handler(self.prepare(value))

    def prepare(self, value: Any) -> Any:
        """The value in the form that the field's type expects."""
        return value

    def patterns(self) -> tuple[str, ...]:
        """Which other texts are taken."""
        return ()


class WholeNumber(OrTemplate):
    """Marks an int that may be written as text or with an empty fraction."""

    def prepare(self, value: Any) -> Any:
        if isinstance(value, str) and _WHOLE_NUMBER.fullmatch(value):
            return int(float(value))
        return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < 2**53 else value

    def patterns(self) -> tuple[str, ...]:
        return (rf"^{_WHOLE_NUMBER.pattern}$",)


class OneOrMany(OrTemplate):
    """Marks a list of texts that may be written as one text, with commas or semicolons between them."""

    def prepare(self, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        return [part.strip() for part in re.split("[,;]", value) if part.strip()]

    def patterns(self) -> tuple[str, ...]:
        return ("",)


class JsonText(OrTemplate):
    """Marks a value that may be written as JSON text."""

    def prepare(self, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            raise PydanticCustomError("json_text", "The text is no JSON") from None

    def patterns(self) -> tuple[str, ...]:
        return ("",)


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Marks a field that takes a value of any of these JSON types."""

    types: tuple[type, ...]

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self.read)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchema:
        return {"type": [JSON_TYPES[type_][0] for type_ in self.types]}

    def read(self, value: Any) -> Any:
        if type(value) in self.types:
            return value
        expected = ", ".join(JSON_TYPES[type_][1] for type_ in self.types)
        raise PydanticCustomError("json_type", "Needs one of: {expected}", {"expected": expected})


class LabelText(AnyOf):
    """Marks a text that may be written as a number or as true or false: a label is compared as text."""

    def read(self, value: Any) -> str:
        return label_text(super().read(value))


def label_text(value: str | int | float | bool) -> str:
    """A value as the text that a label has for it, as JavaScript would write it."""
    match value:
        case bool():
            return "true" if value else "false"
        case float() if value.is_integer() and abs(value) < 1e21:
            return str(int(value))
    return str(value)


JSON_TYPES: Final[dict[type, tuple[str, str]]] = {
    str: ("string", "text"),
    int: ("integer", "a whole number"),
    float: ("number", "a number"),
    bool: ("boolean", "true or false"),
    dict: ("object", "an object"),
    list: ("array", "a list"),
}
"""The names of JSON types: in a JSON Schema, and in words."""


@dataclass(frozen=True, slots=True)
class EvaluatedField:
    """Marks a text that is an expression: it is evaluated in place of being rendered."""


@dataclass(frozen=True, slots=True)
class GraphField:
    """Marks a graph within a config, or a list of them: they are rendered node by node, each in its time."""


Scalar = Annotated[Any, AnyOf((str, int, float, bool))]
Label = Annotated[str, LabelText((str, int, float, bool))]
Expression = Annotated[str, EvaluatedField()]
Count = Annotated[int, Field(ge=0), WholeNumber()]
Flag = Annotated[bool, OrTemplate()]
Texts = Annotated[list[str], OneOrMany()]
Mapping = Annotated[dict[str, Any], OrTemplate()]
Items = Annotated[list[Any], JsonText()]


class NodeConfig(Shape):
    """The config of a node; every kind of node adds what it knows."""

    outputs: Annotated[
        Annotated[Any, AnyOf((dict, str))] | None,
        Field(
            description="What of the result to keep under `output`: a path or template, or several by name."
        ),
    ] = None
