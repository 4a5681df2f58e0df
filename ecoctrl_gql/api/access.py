"""
Who may read a field: one rule at every type and field, and one place that holds them.

A type names the lowest role that may read it, and so each of its fields; a field may ask for another. What
leads to a type is never open to more than the type itself. An operation runs only if its caller may read
every field that it selects: it is refused before anything is read or changed. What depends on the row, such
as one's own profile, the services decide.
"""

from collections import OrderedDict
from dataclasses import dataclass
from functools import reduce
from typing import Any

import strawberry
from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLError,
    GraphQLField,
    GraphQLNamedType,
    GraphQLSchema,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    get_named_type,
    separate_operations,
    visit,
)
from strawberry import Info
from strawberry.schema_directive import Location

from ecoctrl_gql.db.enums import Role
from ecoctrl_gql.errors import EcoctrlError, ForbiddenError, UnauthenticatedError

CACHED_OPERATIONS = 512

ROOTS = frozenset(("Query", "Mutation", "Subscription"))


@strawberry.schema_directive(
    name="access",
    locations=[Location.OBJECT, Location.INTERFACE, Location.FIELD_DEFINITION],
    description="Who may read it: the lowest role that may, or anyone where no role is named.",
)
class Access:
    role: Role | None = strawberry.directive_field(name="role", default=None)


ANYONE = Access(role=None)
VIEWERS = Access(role=Role.VIEWER)
OPERATORS = Access(role=Role.OPERATOR)
ADMINS = Access(role=Role.ADMIN)
SUPER_ADMINS = Access(role=Role.SUPER_ADMIN)


def rule_of(definition: GraphQLNamedType | GraphQLField) -> Access | None:
    """The rule that stands at a type or a field itself."""
    strawberry_definition = (definition.extensions or {}).get("strawberry-definition")
    directives = getattr(strawberry_definition, "directives", None) or ()
    return next((directive for directive in directives if isinstance(directive, Access)), None)


def required_role(parent: GraphQLNamedType, field: GraphQLField) -> Role | None:
    """
    The lowest role that may read a field of a type.

    Where neither has a rule, only the highest role may: what was forgotten is closed. And no field tells
    whether there is something that its caller may not read.
    """
    rule = rule_of(field) or rule_of(parent)
    own = Role.SUPER_ADMIN if rule is None else rule.role
    there = rule_of(get_named_type(field.type))
    return own if there is None else stricter(own, there.role)


def refusals(
    schema: strawberry.Schema, document: DocumentNode, operation_name: str | None, context: Any
) -> list[GraphQLError]:
    """Why the caller may not run an operation: nothing where it may; asked for every request."""
    needs = requirements(schema._schema, document, operation_name)
    role: Role | None = context.role
    held_to = context.caller.allowed_operations if role is not None else None
    if held_to is None and allows(role, needs.strictest):
        return []
    return [
        _refusal(_error(needed, coordinate, context), node)
        for needed, coordinate, node in needs.fields
        if not allows(role, needed)
    ] or [
        _refusal(ForbiddenError(f"This API key may not call {coordinate}."), node)
        for _, coordinate, node in needs.fields
        if held_to is not None and not _is_within(coordinate, held_to)
    ]


def allows(role: Role | None, needed: Role | None) -> bool:
    """Whether a caller of this role (None for nobody logged in) meets a rule."""
    return needed is None or (role is not None and role.rank >= needed.rank)


def stricter(one: Role | None, other: Role | None) -> Role | None:
    """The higher of two roles that rules ask for."""
    return other if one is None or (other is not None and other.rank > one.rank) else one


def check_type(info: Info[Any, Any], name: str) -> None:
    """
    Refuse a caller who may not read a type that only a value names, such as a global id.

    Raises:
        UnauthenticatedError, ForbiddenError: The caller's role is too low.
    """
    rule, role = rule_of(info._raw_info.schema.type_map[name]), info.context.role
    needed = Role.SUPER_ADMIN if rule is None else rule.role
    if not allows(role, needed):
        raise _error(needed, name, info.context)


def _is_within(coordinate: str, fields: frozenset[str]) -> bool:
    """Whether a field is one of these root fields, or lies below one."""
    parent, _, name = coordinate.partition(".")
    return parent not in ROOTS or name in fields


def _error(needed: Role | None, what: str, context: Any) -> EcoctrlError:
    if context.role is not None:
        return ForbiddenError(f"{what} needs the role {needed}.")
    if context.refused is not None:  # a token came, but it was no good: that is what the caller must know
        refused: UnauthenticatedError = context.refused
        return refused
    return UnauthenticatedError(f"{what} needs a login.")


def _refusal(error: EcoctrlError, node: FieldNode) -> GraphQLError:
    return GraphQLError(error.message, nodes=[node], original_error=error, extensions=error.extensions)


Requirement = tuple[Role | None, str, FieldNode]


@dataclass(frozen=True, slots=True)
class Requirements:
    """What the fields of an operation need, each once with the first selection that needs it."""

    fields: list[Requirement]
    strictest: Role | None


_known: OrderedDict[tuple[int, str | None], tuple[DocumentNode, GraphQLSchema, Requirements]] = OrderedDict()


def requirements(schema: GraphQLSchema, document: DocumentNode, operation_name: str | None) -> Requirements:
    """What an operation needs; remembered as long as its document is, or nearly."""
    identity = id(document), operation_name
    known = _known.get(identity)
    if known is None or known[0] is not document or known[1] is not schema:
        known = _known[identity] = document, schema, _requirements(schema, document, operation_name)
        if len(_known) > CACHED_OPERATIONS:
            _known.popitem(last=False)
    return known[2]


def _requirements(schema: GraphQLSchema, document: DocumentNode, operation_name: str | None) -> Requirements:
    operations = separate_operations(document)
    types = TypeInfo(schema)
    collector = _Collector(types)
    visit(operations.get(operation_name or "", document), TypeInfoVisitor(types, collector))
    fields = list(collector.found.values())
    return Requirements(fields, reduce(stricter, (needed for needed, *_ in fields), None))


class _Collector(Visitor):
    def __init__(self, types: TypeInfo) -> None:
        super().__init__()
        self.types = types
        self.found: dict[str, Requirement] = {}

    def enter_field(self, node: FieldNode, *_: Any) -> None:
        field, parent = self.types.get_field_def(), self.types.get_parent_type()
        if (
            field is None
            or parent is None
            or node.name.value.startswith("__")
            or parent.name.startswith("__")
        ):
            return
        coordinate = f"{parent.name}.{node.name.value}"
        self.found.setdefault(coordinate, (required_role(parent, field), coordinate, node))
