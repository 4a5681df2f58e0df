"""The studio's own connections, and the database's refusals in words that a form can show."""

import re
from typing import Any

import psycopg
from sqlalchemy import event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

from ecoctrl_gql.db.base import Base
from ecoctrl_gql.db.failures import DuplicateError, translated
from ecoctrl_gql.errors import BadInputError, ConflictError, EcoctrlError

POOL_SIZE = 2
CONNECT_TIMEOUT_S = 5

NoFreeConnectionError = PoolTimeoutError
"""What a request gets that waited too long for one of the pool's connections."""


def studio_engine(conninfo: str, *, statement_timeout_s: float) -> AsyncEngine:
    """An engine that connects at its first statement and whose failures are our own errors."""

    async def connect() -> psycopg.AsyncConnection[Any]:
        return await psycopg.AsyncConnection.connect(
            conninfo,
            connect_timeout=CONNECT_TIMEOUT_S,
            application_name="ecoctrl studio",
            options=f"-c timezone=UTC -c statement_timeout={round(statement_timeout_s * 1000)}",
        )

    engine = create_async_engine(
        "postgresql+psycopg://",
        async_creator=connect,  # libpq reads the address, as it does for the server's own pool
        pool_size=POOL_SIZE,
        max_overflow=0,
        pool_timeout=CONNECT_TIMEOUT_S,
        pool_pre_ping=True,
    )
    event.listen(engine.sync_engine, "handle_error", _raise_ours)
    return engine


def studio_sessions(engine: AsyncEngine) -> async_sessionmaker[AsyncSession]:
    return async_sessionmaker(engine, expire_on_commit=False)


def _raise_ours(context: ExceptionContext) -> None:
    error = context.original_exception
    ours = explained(error) if isinstance(error, psycopg.Error) else None
    if ours is not None:
        raise ours from error


def explained(error: psycopg.Error) -> EcoctrlError | None:
    """The error as a sentence for the person who filled in a form; None when it is not of their making."""
    table = error.diag.table_name or ""
    match error:
        case psycopg.errors.UniqueViolation() if (error.diag.constraint_name or "").endswith("_single_row"):
            return ConflictError("This table holds a single row, and it is there already: edit that one.")
        case psycopg.errors.UniqueViolation():
            columns = " and ".join(blamed_columns(error)) or "value"
            return DuplicateError(
                f"Another row has the same {columns} already.", error.diag.constraint_name or ""
            )
        case psycopg.errors.ForeignKeyViolation():
            columns = " and ".join(blamed_columns(error)) or "key"
            return ConflictError(f"No row has this key, or rows of {table} still refer to it ({columns}).")
        case psycopg.ProgrammingError():
            return BadInputError("The database can't do this with these values.")
        case _:
            return translated(error)


def blamed_columns(error: BaseException | None) -> list[str]:
    """The columns that a violated constraint is about, by our naming of constraints; may be none."""
    if not isinstance(error, psycopg.Error):
        return []
    if error.diag.column_name:
        return [error.diag.column_name]
    table = Base.metadata.tables.get(error.diag.table_name or "")
    rest = re.sub(rf"^(uq|ck|fk)_{error.diag.table_name}_", "", error.diag.constraint_name or "")
    if table is None:
        return []
    names = (column.name for column in table.columns)
    found = [name for name in names if re.search(rf"(^|_){re.escape(name)}(_|$)", rest)]
    return [name for name in found if not any(name != other and name in other for other in found)]
