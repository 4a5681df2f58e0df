"""What a caller may do, worked out from the rules by which it is refused."""

from functools import lru_cache

from graphql import GraphQLObjectType, GraphQLSchema

from ecoctrl_gql.api.access import ROOTS, allows, required_role
from ecoctrl_gql.auth.caller import Caller
from ecoctrl_gql.db.enums import Role
from ecoctrl_gql.errors import BadInputError


@lru_cache(maxsize=32)
def operations(schema: GraphQLSchema) -> dict[str, Role | None]:
    """Every root field with the lowest role that may call it."""
    roots = [schema.type_map[name] for name in sorted(ROOTS) if name in schema.type_map]
    return {
        name: required_role(root, field)
        for root in roots
        if isinstance(root, GraphQLObjectType)
        for name, field in root.fields.items()
    }


def permitted(schema: GraphQLSchema, role: Role, caller: Caller | None) -> list[str]:
    """The root fields that a role may call; of an API key those that it is held to."""
    held_to = None if caller is None else caller.allowed_operations
    return [
        name
        for name, needed in operations(schema).items()
        if allows(role, needed) and (held_to is None or name in held_to)
    ]


def require_operations(schema: GraphQLSchema, names: list[str], *path: str) -> None:
    """
    Make sure that all names are those of root fields.

    Raises:
        BadInputError: One is not.
    """
    for index, name in enumerate(names):
        if name not in operations(schema):
            message = f"There is no query, mutation or subscription {name!r:.80}."
            raise BadInputError(message, field=(*path, str(index)) if path else ())
