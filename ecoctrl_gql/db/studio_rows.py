"""The statements of the studio: reading rows without their secrets, searching them, who may log in."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, cast, func, literal, null, or_, select, text
from sqlalchemy import inspect as state_of
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import load_only

from ecoctrl_gql.db.base import Base
from ecoctrl_gql.db.enums import Role
from ecoctrl_gql.db.records import attributes
from ecoctrl_gql.db.repositories.users import Account
from ecoctrl_gql.db.studio_tables import Kind, TableFacts
from ecoctrl_gql.db.tables.audit_entries import AuditEntryRow
from ecoctrl_gql.db.tables.users import UserRow

COUNTED_ROWS = 100_000
"""How far rows are counted for the overview."""

UPDATED_AT = "updated_at"


_ACCOUNT = select(*(getattr(UserRow, name) for name in Account._fields))


async def find_account(session: AsyncSession, user_id: str) -> Account | None:
    row = (await session.execute(_ACCOUNT.where(UserRow.id == user_id))).first()
    return None if row is None else Account(*row)


async def role_of(session: AsyncSession, user_id: str) -> Role | None:
    """The user's role; None where there is no such user."""
    return (await session.execute(select(UserRow.role).where(UserRow.id == user_id))).scalar_one_or_none()


def readable_rows(table: TableFacts, names: Collection[str], *, lock: bool) -> Select[Any]:
    """The table's rows with these columns only, so that a secret never leaves the database."""
    loaded = (getattr(table.row_type, name) for name in sorted(names))
    statement = select(table.row_type).options(load_only(*loaded, raiseload=True))
    return statement.with_for_update() if lock else statement


def matches(table: TableFacts, term: str) -> ColumnElement[bool]:
    """The condition that a readable column contains the term, whatever its case."""
    columns = (getattr(table.row_type, name) for name in sorted(table.names))
    return or_(*(cast(column, Text).icontains(term, autoescape=True) for column in columns))


def fill_blanks(table: TableFacts, row: Base) -> None:
    """Let what was left empty take its column's default, or null where there is none."""
    for column in table.columns:
        if getattr(row, column.name) is not None:
            continue
        if column.has_default and not column.nullable and not column.primary_key:
            setattr(row, column.name, text("DEFAULT"))
        elif column.kind is Kind.JSON:
            setattr(row, column.name, null())  # None would be stored as the JSON value null


def touch(row: Base) -> None:
    """Note the time of the change where the table keeps it: other editors compare it with theirs."""
    if UPDATED_AT in attributes(type(row)):
        setattr(row, UPDATED_AT, func.now())


def changed_names(row: Base) -> set[str]:
    """The attributes whose values were set since the row was read."""
    return {attribute.key for attribute in state_of(row).attrs if attribute.history.added}


def note(
    session: AsyncSession, action: str, node_id: str, details: dict[str, Any], **actor: str | None
) -> None:
    """
    Write an entry of the audit log, in the transaction of what it tells of.

    Args:
        session: That transaction's.
        action: What was done, as thing and past tense.
        node_id: The global id of the row.
        details: What changed; never a secret.
        actor: Who did it, from where and by which request: columns of the entry.
    """
    session.add(AuditEntryRow(action=action, node_id=node_id, details=details, **actor))


async def row_counts(session: AsyncSession, tables: Collection[TableFacts]) -> dict[str, int]:
    """The number of rows of each table; counting stops one past `COUNTED_ROWS`."""
    counts = []
    for table in tables:
        some = select(literal(1)).select_from(table.row_type).limit(COUNTED_ROWS + 1).subquery()
        counts.append(select(func.count()).select_from(some).scalar_subquery().label(table.name))
    return dict((await session.execute(select(*counts))).mappings().one())
