"""The variables of an operation, whose types are looked up once and not for every request."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from graphql import (
    GraphQLEnumType,
    GraphQLError,
    GraphQLInputType,
    GraphQLNonNull,
    GraphQLScalarType,
    GraphQLSchema,
    Undefined,
    VariableDefinitionNode,
)
from graphql.execution.get_variable_signature import GraphQLVariableSignature, get_variable_signature
from graphql.execution.values import (
    VariableValues,
    VariableValueSource,
    input_is_nested_too_deeply,
)
from graphql.utilities.coerce_input_value import coerce_default_value, coerce_input_value


class _Variable(NamedTuple):
    """One variable: its signature, its default, and how its values are coerced."""

    signature: GraphQLVariableSignature
    default: Any
    coerce: Callable[[Any], Any]


class KnownVariables:
    """
    The variables that an operation declares.

    Raises:
        GraphQLError, TypeError: One of them has no input type, or a default that does not fit it.
    """

    __slots__ = ("_variables",)

    def __init__(self, schema: GraphQLSchema, definitions: Sequence[VariableDefinitionNode]) -> None:
        self._variables: list[_Variable] = []
        for definition in definitions:
            signature = get_variable_signature(schema, definition)
            if isinstance(signature, GraphQLError):
                raise signature
            default = coerce_default_value(signature)
            self._variables.append(_Variable(signature, default, _coercion(signature.type)))

    def coerced(self, given: dict[str, Any]) -> VariableValues | None:
        """The values that a request gives; None where some don't fit, which graphql-core words better."""
        sources: dict[str, VariableValueSource] = {}
        coerced: dict[str, Any] = {}
        for signature, default, coerce in self._variables:
            name = signature.name
            value = given.get(name, Undefined)
            sources[name] = VariableValueSource(signature, value)
            if value is not Undefined:
                coerced[name] = value = coerce(value)
                if value is Undefined:
                    return None
            elif default is not Undefined:
                coerced[name] = default
            elif isinstance(signature.type, GraphQLNonNull):
                return None
        return VariableValues(sources, coerced)


def _coercion(type_: GraphQLInputType) -> Callable[[Any], Any]:
    """What coerces values of a type; gives ``Undefined`` for those that don't fit."""
    nullable = type_.of_type if isinstance(type_, GraphQLNonNull) else type_
    if isinstance(nullable, GraphQLScalarType | GraphQLEnumType):
        return _leaf_coercion(nullable, nullable is type_)

    def coerce(value: Any) -> Any:
        if input_is_nested_too_deeply(value, type_):
            return Undefined
        try:
            return coerce_input_value(value, type_)
        except RecursionError:
            return Undefined

    return coerce


def _leaf_coercion(type_: GraphQLScalarType | GraphQLEnumType, takes_null: bool) -> Callable[[Any], Any]:
    """As ``coerce_input_value``, which looks anew at each value for what the type is."""
    coerce_value = type_.coerce_input_value
    null = None if takes_null else Undefined

    def coerce(value: Any) -> Any:
        if value is None:
            return null
        try:
            return coerce_value(value)
        except Exception:  # graphql-core words it
            return Undefined

    return coerce
