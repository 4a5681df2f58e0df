"""
The models as PostgreSQL itself would write them down, to compare a database with.

PostgreSQL stores expressions (the condition of a CHECK, a default, a trigger) in a form of its own. So the
models are created in a schema that is rolled back at once, and their expressions are read from there.
"""

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from sqlalchemy import CheckConstraint, Connection, Enum, MetaData, String, Table, text
from sqlalchemy.dialects.postgresql import psycopg
from sqlalchemy.schema import CreateSchema

from ecoctrl_gql.db.migrations.triggers import Definitions, model_triggers

SCHEMA = "ecoctrl_models"

CHECKS = text("""
    SELECT relname, conname, pg_get_expr(conbin, conrelid) FROM pg_constraint
    JOIN pg_class ON pg_class.oid = conrelid
    WHERE contype = 'c' AND connamespace = to_regnamespace(quote_ident(coalesce(:schema, current_schema())))
""")
DEFAULTS = text("""
    SELECT relname, attname, pg_get_expr(adbin, adrelid) FROM pg_attrdef
    JOIN pg_attribute ON attrelid = adrelid AND attnum = adnum
    JOIN pg_class ON pg_class.oid = adrelid
    WHERE relnamespace = to_regnamespace(quote_ident(coalesce(:schema, current_schema())))
""")

LITERAL = r"'(?:[^']|'')*'"
VALUE = rf"\(?{LITERAL}::[a-z ]+\)?(?:::text)?"
AMONG = re.compile(
    rf"\(*(?P<column>\w+)\)?(?:::text)? = ANY "
    rf"\(+ARRAY\[(?P<values>{VALUE}(?:, {VALUE})*)\]\)*(?:::text\[\])?\)*"
)

_DIALECT = psycopg.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy leaves dialects untyped

Expressions = dict[str, dict[str, str]]
"""SQL by table and by name of what it belongs to."""


@dataclass(frozen=True, slots=True)
class ModelForms:
    """The models' expressions in PostgreSQL's form."""

    checks: Expressions
    defaults: Expressions
    triggers: Definitions


def model_forms(connection: Connection, metadata: MetaData) -> ModelForms:
    with connection.begin() as transaction:
        connection.execute(CreateSchema(SCHEMA))
        for table in _within(SCHEMA, metadata).sorted_tables:
            table.create(connection)
        checks, defaults = read_checks(connection, SCHEMA), _expressions(connection, DEFAULTS, SCHEMA)
        forms = ModelForms(checks, defaults, model_triggers(connection, SCHEMA, metadata))
        transaction.rollback()
    return forms


def _within(schema: str, metadata: MetaData) -> MetaData:
    copy = MetaData(naming_convention=metadata.naming_convention)
    for table in metadata.tables.values():
        table.to_metadata(copy, schema=schema)
    return copy


def read_checks(connection: Connection, schema: str | None = None) -> Expressions:
    """The conditions of a schema's CHECK constraints; of the usual schema when none is named."""
    return {
        table: {name: readable(condition) for name, condition in checks.items()}
        for table, checks in _expressions(connection, CHECKS, schema).items()
    }


def _expressions(connection: Connection, query: Any, schema: str | None) -> Expressions:
    found: Expressions = defaultdict(dict)
    for table, name, expression in connection.execute(query, {"schema": schema}):
        found[table][name] = expression
    return found


def readable(condition: str) -> str:
    """
    ``IN`` for the ``= ANY (ARRAY[…])`` that PostgreSQL makes of it.

    Its casts change once more when they are read back, as from a dump; without them both forms are one.
    """
    match = AMONG.fullmatch(condition)
    if match is None:
        return condition
    return f"{match['column']} IN ({', '.join(re.findall(LITERAL, match['values']))})"


def plain(metadata: MetaData) -> MetaData:
    """
    A copy in which an enum is what it is to the database: text with a CHECK.

    Migrations then say it in these words, and nothing of them changes when the Python enum does.
    """
    copy = MetaData(naming_convention=metadata.naming_convention)
    for table in metadata.tables.values():
        _make_plain(table.to_metadata(copy))
    return copy


def _make_plain(table: Table) -> None:
    checks = [constraint for constraint in table.constraints if isinstance(constraint, CheckConstraint)]
    for check in checks:
        condition = check.sqltext.compile(
            dialect=_DIALECT, compile_kwargs={"literal_binds": True, "include_table": False}
        )
        table.constraints.discard(check)
        table.append_constraint(CheckConstraint(str(condition), name=check.name))
    for column in table.columns:
        if isinstance(column.type, Enum):
            column.type = String(column.type.length)
