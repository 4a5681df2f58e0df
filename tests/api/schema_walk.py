"""The schema as the tests walk it: types of tables, their fields, and the roots that lead to them."""

import re
from typing import Any

from graphql import (
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_leaf_type,
    is_list_type,
    is_required_argument,
)

from ecoctrl_gql.api.node import READS, has_type, type_name
from ecoctrl_gql.db.base import Base
from ecoctrl_gql.db.columns import column_facts
from ecoctrl_gql.db.records import attributes
from ecoctrl_gql.schema import build_schema

SCHEMA: GraphQLSchema = build_schema()._schema

INTERNAL_TABLES = {
    "event_readers",
    "event_trims",
    "events",
    "oauth_states",
    "oauth_tickets",
    "rate_limits",
    "spent_refresh_tokens",
    "verification_codes",
    "workflow_holds",
    "workflow_steps",
    "workflow_triggers",
}
"""Tables that serve the product itself and nobody reads through the API."""

ALL_ROW_TYPES: list[type[Base]] = sorted(
    (mapper.class_ for mapper in Base.registry.mappers), key=lambda row_type: row_type.__tablename__
)

ROW_TYPES = [row_type for row_type in ALL_ROW_TYPES if has_type(row_type)]

QUERY = SCHEMA.type_map["Query"]
assert isinstance(QUERY, GraphQLObjectType)


def table_name(row_type: type[Base]) -> str:
    """For the ids of parametrized tests."""
    return row_type.__tablename__


def node_type_of(row_type: type[Base]) -> GraphQLObjectType:
    found = SCHEMA.type_map[type_name(row_type)]
    assert isinstance(found, GraphQLObjectType)
    return found


def factory_name(row_type: type[Base]) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", type_name(row_type)).lower()


def is_single(row_type: type[Base]) -> bool:
    """Whether a constraint holds the table to one row."""
    return any(str(index.name).endswith("_single_row") for index in row_type.__table__.indexes)


def definition(field: GraphQLField) -> Any:
    return field.extensions["strawberry-definition"]


def attribute_of(row_type: type[Base], field: GraphQLField) -> str | None:
    """The attribute that a field shows as it is; None for all others."""
    name = definition(field).python_name
    return name if name in attributes(row_type) and READS not in definition(field).metadata else None


def column_fields(row_type: type[Base]) -> dict[str, str]:
    """The fields that show a column, with the attribute's name."""
    found = {name: attribute_of(row_type, field) for name, field in node_type_of(row_type).fields.items()}
    return {name: attribute for name, attribute in found.items() if attribute is not None}


def leaf_fields(row_type: type[Base]) -> list[str]:
    return [
        name
        for name, field in node_type_of(row_type).fields.items()
        if is_leaf_type(get_named_type(field.type))
        and not any(is_required_argument(argument) for argument in field.args.values())
    ]


def listed_type(field: GraphQLField) -> str | None:
    """The type whose items a connection holds; None for a field that is no connection."""
    named = get_named_type(field.type)
    if not isinstance(named, GraphQLObjectType) or "pageInfo" not in named.fields:
        return None
    return get_named_type(named.fields["nodes"].type).name


_NAMES = {type_name(row_type): row_type for row_type in ROW_TYPES}


def target_of(field: GraphQLField) -> type[Base] | None:
    """The table whose rows a field leads to."""
    return _NAMES.get(listed_type(field) or get_named_type(field.type).name)


def is_plural(field: GraphQLField) -> bool:
    of_type = getattr(field.type, "of_type", field.type)
    return listed_type(field) is not None or is_list_type(of_type)


def relations() -> list[tuple[type[Base], str]]:
    """Every field that leads from one table to another, or back to its own."""
    return [
        (row_type, name)
        for row_type in ROW_TYPES
        for name, field in node_type_of(row_type).fields.items()
        if target_of(field) is not None
    ]


def roots_of(row_type: type[Base]) -> dict[str, str]:
    """The root fields of a table by what they are: ``by_id``, ``only``, ``list`` or ``connection``."""
    found = {}
    for name, field in QUERY.fields.items():
        if target_of(field) is not row_type:
            continue
        if listed_type(field):
            found["connection"] = name
        elif is_plural(field):
            found["list"] = name
        else:
            found["by_id" if "id" in field.args else "only"] = name
    return found


def foreign_key(row_type: type[Base], target: type[Base]) -> str | None:
    """The column by which one table refers to another."""
    for name in attributes(row_type):
        column = row_type.__table__.columns[attributes(row_type)[name].name]
        if column.foreign_keys and column_facts(row_type, name).refers_to is target:
            return name
    return None
