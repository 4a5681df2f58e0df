"""
Argument values as Strawberry's resolvers get them: input objects made, lists copied.

Strawberry finds out how to convert a value each time it converts one. Here that is found out once a type.
What is out of the ordinary (``Maybe``, relay's ``GlobalID``, types with a ``from_input``) is left to it.
"""

from collections.abc import Callable
from dataclasses import MISSING
from typing import Any, TypeAlias

from strawberry import UNSET, Schema
from strawberry.relay.types import GlobalID
from strawberry.types.arguments import (
    StrawberryArgument,
    _is_leaf_type,
    convert_arguments,
)
from strawberry.types.base import (
    StrawberryList,
    StrawberryMaybe,
    StrawberryOptional,
    has_object_definition,
)
from strawberry.types.enum import has_enum_definition
from strawberry.types.lazy_type import LazyType

Convert: TypeAlias = Callable[[Any], Any]


class ArgumentConversion:
    """How the arguments of one field are converted."""

    def __init__(self, arguments: list[StrawberryArgument], schema: Schema) -> None:
        self._schema, self._strawberry_arguments = schema, arguments
        converters = Converters(schema)
        self._arguments: list[tuple[str, str, Convert | None]] | None
        try:
            self._arguments = [
                (
                    schema.config.name_converter.from_argument(argument),
                    str(argument.python_name),
                    converters.of(argument.type),
                )
                for argument in arguments
            ]
        except UnusualTypeError:
            self._arguments = None

    def keywords(self, values: dict[str, Any], info: Callable[[], Any]) -> dict[str, Any]:
        """The keyword arguments of the resolver; ``info`` makes what only unusual types ask for."""
        if self._arguments is None:
            return convert_arguments(
                values,
                self._strawberry_arguments,
                scalar_registry=self._schema.schema_converter.scalar_registry,
                config=self._schema.config,
                info=info(),
            )
        return {
            keyword: value if convert is None or value is None or value is UNSET else convert(value)
            for name, keyword, convert in self._arguments
            if (value := values.get(name, MISSING)) is not MISSING
        }


class UnusualTypeError(Exception):
    """A type whose conversion is left to Strawberry."""


class Converters:
    """The conversion of each type; none for a type whose values pass as they are."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._registry = schema.schema_converter.scalar_registry
        self._objects: dict[Any, InputObject] = {}

    def of(self, type_: Any) -> Convert | None:
        """
        The conversion of a type; null and what was not given need none.

        Raises:
            UnusualTypeError: It is left to Strawberry.
        """
        if isinstance(type_, LazyType):
            return self.of(type_.resolve_type())
        if isinstance(type_, StrawberryMaybe) or type_ is GlobalID:
            raise UnusualTypeError
        if isinstance(type_, StrawberryOptional):
            return self.of(type_.of_type)
        if isinstance(type_, StrawberryList):
            return self._list(self.of(type_.of_type))
        if has_enum_definition(type_) or _is_leaf_type(type_, self._registry):
            return None
        if has_object_definition(type_) and type_.__strawberry_definition__.from_input is None:
            return self._object(type_)
        raise UnusualTypeError

    @staticmethod
    def _list(convert: Convert | None) -> Convert:
        if convert is None:
            return list  # a copy: the same default is given to all requests
        return lambda values: [
            value if value is None or value is UNSET else convert(value) for value in values
        ]

    def _object(self, type_: Any) -> Convert:
        known = self._objects.get(type_)
        if known is None:
            known = self._objects[type_] = InputObject(type_)  # before its fields, which may be of its type
            known.take_fields(self, self._schema)
        return known


class InputObject:
    """Makes the input objects of one type."""

    def __init__(self, type_: Any) -> None:
        self._type = type_
        self._fields: list[tuple[str, str, Convert | None]] = []
        self._defaults: dict[str, None] = {}

    def take_fields(self, converters: Converters, schema: Schema) -> None:
        definition = self._type.__strawberry_definition__
        for field in definition.fields:
            name = schema.config.name_converter.from_field(field)
            convert = converters.of(field.resolve_type(type_definition=definition))
            self._fields.append((name, field.python_name, convert))
            if field.default_value is MISSING and field.default_factory is MISSING:
                self._defaults[field.python_name] = None  # a nullable field may be left out

    def __call__(self, value: dict[str, Any]) -> Any:
        given: dict[str, Any] = dict(self._defaults)
        for name, attribute, convert in self._fields:
            if name in value:
                item = value[name]
                given[attribute] = item if convert is None or item is None or item is UNSET else convert(item)
        return self._type(**given)
