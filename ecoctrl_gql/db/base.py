"""What all tables share: naming of constraints, column types, and the columns that recur."""

import inspect
import re
from datetime import datetime
from enum import Enum as PythonEnum
from typing import Any, ClassVar

from sqlalchemy import TIMESTAMP, Enum, Index, MetaData, Table, Uuid, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedColumn, mapped_column

JSON = Any
"""The Python type of a jsonb column's value."""

SECRET: dict[Any, Any] = {"secret": True}
"""The ``info`` of a column whose value nobody may read; `records.secret_columns` finds them."""


INTERNAL: dict[str, Any] = {"info": {"internal": True}}
"""The last item of ``__table_args__`` of a table that serves the product alone: its rows are secrets."""


class Base(DeclarativeBase):
    """
    The base of the mapped classes, one a table.

    A class's docstring becomes the table's comment and its columns' ``comment`` the columns', so that the
    database, the GraphQL schema and the studio explain a column in the same words, written once.
    """

    __table__: ClassVar[Table]

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: TIMESTAMP(timezone=True), JSON: JSONB}

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        cls.__table__.comment = inspect.getdoc(cls)


def uuid_key() -> MappedColumn[str]:
    """A uuid key; the database makes it, so that another program's plain INSERT works."""
    return mapped_column(
        Uuid(as_uuid=False),  # a uuid travels as text: nobody here computes with it, and text is cheaper
        primary_key=True,
        server_default=func.gen_random_uuid(),
        comment="The table's own key.",
    )


def serial_key() -> MappedColumn[int]:
    return mapped_column(primary_key=True, comment="The table's own key.")


def created_at(comment: str) -> MappedColumn[datetime]:
    return mapped_column(server_default=func.now(), comment=comment)


def closed_set(values: type[PythonEnum], length: int, name: str | None = None) -> Enum:
    """
    A text column that a CHECK constraint holds to the values of an enum.

    Args:
        values: The enum.
        length: The most characters that the column takes.
        name: What the constraint is called: as the enum, unless a table has two such columns.
    """
    return Enum(
        values,
        name=name or re.sub(r"(?<=[a-z])(?=[A-Z])", "_", values.__name__).lower(),
        native_enum=False,
        create_constraint=True,
        length=length,
        values_callable=lambda enum: [member.value for member in enum],
    )


def single_row(table: str) -> Index:
    """A unique index that refuses a second row."""
    return Index(f"uq_{table}_single_row", text("(true)"), unique=True)


def index_of_given(table: str, column: str, *more: str) -> Index:
    """
    An index of the rows that have a value in a column which most rows leave empty.

    It serves lookups by value and the foreign key, and writing a row without a value costs nothing.
    """
    name = "_".join((table, column, *more))
    return Index(f"ix_{name}", column, *more, postgresql_where=text(f"{column} IS NOT NULL"))


__all__ = [
    "INTERNAL",
    "JSON",
    "SECRET",
    "Base",
    "Mapped",
    "closed_set",
    "created_at",
    "index_of_given",
    "serial_key",
    "single_row",
    "uuid_key",
]
