"""
Types of tables: every one is a `Node` with a global id.

A record is the object behind its type. A field annotated `auto` is the column of its name: type,
nullability and description are the column's, and what a type does not list is not in the API.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

import strawberry
from strawberry import ID

from ecoctrl_gql.api.access import VIEWERS, Access
from ecoctrl_gql.api.scalars import JSON, BigInt
from ecoctrl_gql.db.base import Base
from ecoctrl_gql.db.columns import ColumnFacts, Int64, Json, column_facts
from ecoctrl_gql.db.records import key_name, keys_of, row_type_of
from ecoctrl_gql.engine import batched
from ecoctrl_gql.errors import BadInputError

auto = strawberry.auto

TypeT = TypeVar("TypeT", bound=type[Any])

READS = "reads"
"""The metadata key of a field that says which columns of its record it looks at."""


@strawberry.interface(description="Something that has a global id.", directives=[VIEWERS])
class Node:
    @strawberry.field(
        name="id",
        graphql_type=ID,
        description="Its id, unique among all types. Opaque: take it as it is.",
        metadata={READS: ()},
    )
    @batched
    def global_id(records: Sequence[Base]) -> list[str]:
        if not records:
            return []
        prefix = _prefixes[row_type_of(records[0])]
        return [f"{prefix}{key}" for key in keys_of(records)]


@dataclass(frozen=True, slots=True)
class Owned:
    """
    Whose the rows of a table are.

    Attributes:
        by: The column that names the user who may read a row, as far as the type's rule lets users at all.
        others: Who may read the rows of other users; nobody by default.
        everybody: Whether a row that names no user is everybody's.
    """

    by: str
    others: Access | None = None
    everybody: bool = False

    def lets(self, user_id: str, row: Any) -> bool:
        """Whether a row is a user's to read."""
        whose = getattr(row, self.by)
        return whose == user_id or (self.everybody and whose is None)


_types: dict[type[Base], type[Any]] = {}
_owned: dict[type[Base], Owned] = {}
_key_readers: dict[type[Base], Callable[[str], Any]] = {}
_views: dict[type[Any], type[Base]] = {}
_CANONICAL_UUID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

_prefixes: dict[type[Base], str] = {}
_rows: dict[str, type[Base]] = {}


def node_type(
    row_type: type[Base],
    *,
    rule: Access = VIEWERS,
    owned: Owned | None = None,
    read_key: Callable[[str], Any] | None = None,
) -> Callable[[TypeT], TypeT]:
    """
    Make a class the GraphQL type of a table, described in the words of the table's docstring.

    Args:
        row_type: The table's mapped class.
        rule: Who may read its fields.
        owned: Whose its rows are, where each belongs to a user; by its global id nobody else gets one.
            Fields that lead to the rows of others need a rule of their own.
        read_key: Reads a key from the end of a global id, or None, where the repository's `find` knows others
            than those of the rows.
    """

    def decorate(cls: TypeT) -> TypeT:
        _fill_columns(cls, row_type)
        made = strawberry.type(cls, description=row_type.__table__.comment, directives=[rule])
        prefix = f"{_snake(cls.__name__)}_"
        _types[row_type], _prefixes[row_type], _rows[prefix] = made, prefix, row_type
        if owned is not None:
            _owned[row_type] = owned
        if read_key is not None:
            _key_readers[row_type] = read_key
        return made

    return decorate


def view_type(row_type: type[Base], *, description: str, rule: Access) -> Callable[[TypeT], TypeT]:
    """Make a class a GraphQL type that shows rows of a table in another way than the table's `Node` does."""

    def decorate(cls: TypeT) -> TypeT:
        _fill_columns(cls, row_type)
        made = strawberry.type(cls, description=description, directives=[rule])
        _views[made] = row_type
        return made

    return decorate


def column(
    *,
    name: str | None = None,
    description: str | None = None,
    rule: Access | None = None,
    deprecation_reason: str | None = None,
) -> Any:
    """A column's field that differs from what `auto` alone gives."""
    return strawberry.field(
        name=name,
        description=description,
        deprecation_reason=deprecation_reason,
        directives=[] if rule is None else [rule],
    )


def computed(
    *reads: str,
    description: str,
    rule: Access | None = None,
    graphql_type: Any = None,
    name: str | None = None,
) -> Any:
    """A field computed from columns of its record, which are read only where it is selected."""
    return strawberry.field(
        name=name,
        description=description,
        graphql_type=graphql_type,
        metadata={READS: reads},
        directives=[] if rule is None else [rule],
    )


def _fill_columns(cls: type[Any], row_type: type[Base]) -> None:
    key = key_name(row_type)
    cls.__annotations__ = {key: auto} | cls.__annotations__
    for name, annotation in list(cls.__annotations__.items()):
        if annotation is not auto:
            continue
        facts = column_facts(row_type, name)
        field = cls.__dict__.get(name) or column(name="databaseId" if name == key else None)
        field.description = field.description or facts.description
        cls.__annotations__[name] = graphql_annotation(facts)
        setattr(cls, name, field)


def graphql_annotation(facts: ColumnFacts) -> Any:
    """The annotation of a field that shows a column."""
    annotation: Any = {Json: JSON, Int64: BigInt}.get(facts.kind, facts.kind)
    return annotation | None if facts.nullable else annotation


def type_of_row(row_type: type[Base]) -> type[Any]:
    """The GraphQL type of a mapped class."""
    return _types[row_type]


def has_type(row_type: type[Base]) -> bool:
    """Whether a mapped class has a GraphQL type; tables that only serve the product itself have none."""
    return row_type in _types


def type_names() -> list[str]:
    """The names of all types of tables."""
    return [type_name(row_type) for row_type in _types]


def type_name(row_type: type[Base]) -> str:
    """The name of the GraphQL type of a mapped class."""
    name: str = _types[row_type].__strawberry_definition__.name
    return name


def row_of_type(node: type[Any]) -> type[Base]:
    """The mapped class of a GraphQL type."""
    return _views.get(node) or next(row_type for row_type, type_ in _types.items() if type_ is node)


def owner_of(row_type: type[Base]) -> Owned | None:
    """Whose the rows of a table are; None where they are everybody's."""
    return _owned.get(row_type)


def global_id(row_type: type[Base], key: object) -> str:
    """The global id of the row of a table with this key."""
    return f"{_prefixes[row_type]}{key}"


def parse_any_id(text: str) -> tuple[type[Base], Any]:
    """
    The table and the key that a global id names.

    Raises:
        BadInputError: It is no global id.
    """
    prefix, separator, key_text = text.rpartition("_")
    row_type = _rows.get(prefix + separator)
    key = None if row_type is None else _key(row_type, key_text)
    if row_type is None or key is None:
        raise BadInputError("This is no id of this API.")
    return row_type, key


def parse_id(row_type: type[Base], text: str) -> Any:
    """
    The key that a global id of one table names.

    Raises:
        BadInputError: It is no global id, or that of another type; the message says which was expected.
    """
    try:
        found, key = parse_any_id(text)
    except BadInputError:
        raise BadInputError(f"An id of type {type_name(row_type)} is expected; this is no id.") from None
    if found is not row_type:
        raise BadInputError(
            f"An id of type {type_name(row_type)} is expected; this is one of type {type_name(found)}."
        )
    return key


def _key(row_type: type[Base], text: str) -> Any:
    """The key in its canonical form, or None for text that can't be one."""
    if row_type in _key_readers and (special := _key_readers[row_type](text)) is not None:
        return special
    try:
        if column_facts(row_type, key_name(row_type)).kind is UUID:
            return text if _CANONICAL_UUID.fullmatch(text) else str(UUID(text))
        key = int(text) if text.isascii() and text.isdigit() else None
    except ValueError:
        return None
    return key if key is None or key < 2**31 else None


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
