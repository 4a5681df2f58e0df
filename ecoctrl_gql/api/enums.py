"""The closed sets of the database as GraphQL enums."""

from typing import Any, cast

import strawberry

from ecoctrl_gql.db import enums
from ecoctrl_gql.db.enums import TextEnum


def as_graphql_enum(values: type[TextEnum], name: str | None = None) -> None:
    """
    Make a closed set usable in GraphQL annotations, with the descriptions that its members carry.

    Args:
        values: The closed set.
        name: Its name in the schema; the class's by default.
    """
    strawberry.enum(values, name=name, description=values.__doc__)
    definition = cast(Any, values).__strawberry_definition__
    for value in definition.values:
        value.description = values[value.name].description


for candidate in vars(enums).values():
    if isinstance(candidate, type) and issubclass(candidate, TextEnum) and candidate is not TextEnum:
        as_graphql_enum(candidate)
