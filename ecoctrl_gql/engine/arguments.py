"""
Argument values, worked out from a text as far as it says them.

graphql-core reads the literals of a field anew for every request, and asks each input type for all of its
fields. Here they are read once: what remains for a request is to fill in its variables. Whatever is out of
the ordinary, errors above all, is left to graphql-core.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeAlias

from graphql import (
    FieldNode,
    GraphQLArgument,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    ListValueNode,
    ObjectValueNode,
    Undefined,
    ValueNode,
    VariableNode,
)
from graphql.utilities.coerce_input_value import coerce_default_value, coerce_input_literal

from ecoctrl_gql.engine.run import is_immutable_value

Variables: TypeAlias = Mapping[str, Any]
ValueOf: TypeAlias = Callable[[Variables], Any]
"""Gives a value by the request's coerced variables; ``Undefined`` for a variable that has none."""


class UnclearError(Exception):
    """A value that graphql-core has to work out, or to refuse."""


class KnownArguments:
    """The arguments of one field of an operation."""

    __slots__ = ("_values",)

    def __init__(self, definition: GraphQLField, node: FieldNode) -> None:
        given = {argument.name.value: argument.value for argument in node.arguments or ()}
        try:
            self._values: ValueOf | None = _members(definition.args.items(), given)
        except (UnclearError, TypeError):  # a default that does not fit its type is a TypeError
            self._values = None

    def of(self, variables: Variables) -> dict[str, Any] | None:
        """The values for a request; None where graphql-core has to work them out."""
        try:
            values: dict[str, Any] | None = None if self._values is None else self._values(variables)
        except UnclearError:
            return None
        return values


def _members(
    definitions: Iterable[tuple[str, GraphQLArgument | GraphQLInputField]], given: Mapping[str, ValueNode]
) -> ValueOf:
    """What gives the values of arguments, or of an input object's fields, by their Python names."""
    members: list[tuple[str, ValueOf, Any]] = []
    for name, definition in definitions:
        value = _constant(Undefined) if name not in given else _value(given[name], definition.type)
        default = coerce_default_value(definition)
        if default is Undefined and isinstance(definition.type, GraphQLNonNull):
            if name not in given:
                raise UnclearError
            value, default = _required(value), None
        elif name not in given and default is Undefined:
            continue
        members.append((definition.out_name or name, value, default))

    def values(variables: Variables) -> dict[str, Any]:
        found = {}
        for name, value_of, default in members:
            value = value_of(variables)
            if value is not Undefined:
                found[name] = value
            elif default is not Undefined:
                found[name] = default
        return found

    return values


def _value(node: ValueNode, type_: GraphQLInputType) -> ValueOf:
    if isinstance(node, VariableNode):
        return _variable(node.name.value, isinstance(type_, GraphQLNonNull))
    nullable: Any = type_.of_type if isinstance(type_, GraphQLNonNull) else type_
    if isinstance(nullable, GraphQLList) and isinstance(node, ListValueNode):
        return _list([_required(_value(item, nullable.of_type)) for item in node.values])
    if isinstance(nullable, GraphQLInputObjectType) and isinstance(node, ObjectValueNode):
        return _object(node, nullable)
    return _literal(node, type_)


def _variable(name: str, non_null: bool) -> ValueOf:
    if not non_null:
        return lambda variables: variables.get(name, Undefined)

    def value(variables: Variables) -> Any:
        found = variables.get(name, Undefined)
        if found is None:
            raise UnclearError
        return found

    return value


def _required(value_of: ValueOf) -> ValueOf:
    """The value where a variable has to have one."""

    def value(variables: Variables) -> Any:
        found = value_of(variables)
        if found is Undefined:
            raise UnclearError
        return found

    return value


def _list(items: list[ValueOf]) -> ValueOf:
    return lambda variables: [value_of(variables) for value_of in items]


def _object(node: ObjectValueNode, type_: GraphQLInputObjectType) -> ValueOf:
    given = {field.name.value: field.value for field in node.fields}
    if type_.is_one_of or not given.keys() <= type_.fields.keys():
        raise UnclearError
    values, make = _members(type_.fields.items(), given), type_.out_type
    if make is GraphQLInputObjectType.out_type:
        return values
    return lambda variables: make(values(variables))


def _literal(node: ValueNode, type_: GraphQLInputType) -> ValueOf:
    """A value that no variable is part of; made anew each time if a resolver could change it."""
    if isinstance(node, ListValueNode | ObjectValueNode):  # of a custom scalar: variables may be in it
        raise UnclearError
    value = coerce_input_literal(node, type_)
    if value is Undefined:  # invalid
        raise UnclearError
    return _constant(value) if is_immutable_value(value) else lambda _: coerce_input_literal(node, type_)


def _constant(value: Any) -> ValueOf:
    return lambda _: value
