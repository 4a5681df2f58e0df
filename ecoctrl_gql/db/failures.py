"""The database's errors in our own words; no SQL text and no value of a row gets out."""

import re
from types import TracebackType

import psycopg
from psycopg import errors as pg

from ecoctrl_gql.errors import BadInputError, ConflictError, EcoctrlError, TimedOutError, UnavailableError

UNAVAILABLE = "The database can't be reached just now. Try again in a moment."


class DuplicateError(ConflictError):
    """A unique key is taken; ``constraint`` is the name of the constraint that says so."""

    def __init__(self, message: str, constraint: str) -> None:
        super().__init__(message)
        self.constraint = constraint


class OurErrors:
    """
    Translates what the driver raises in a ``with`` block.

    Raises:
        DuplicateError: A unique key is taken.
        ConflictError: A row still refers to this one, or the one referred to is gone.
        BadInputError: A value does not fit its column.
        TimedOutError: The statement took too long.
        UnavailableError: The database is away, starting, or has no connection free.
    """

    __slots__ = ()

    def __enter__(self) -> None: ...

    def __exit__(
        self, _kind: type[BaseException] | None, error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if isinstance(error, UnicodeEncodeError):
            raise BadInputError("A text holds half a character, which can't be stored.") from None
        if isinstance(error, psycopg.Error) and (ours := translated(error)) is not None:
            raise ours from error


our_errors = OurErrors()


def translated(error: psycopg.Error) -> EcoctrlError | None:
    match error:
        case pg.UniqueViolation():
            message = f"There is one already with the same {_columns(error.diag)}."
            return DuplicateError(message, error.diag.constraint_name or "")
        case pg.ForeignKeyViolation():
            return ConflictError(
                "Something that this refers to, or that refers to it, does not allow the change."
            )
        case pg.NotNullViolation():
            return BadInputError(f"{error.diag.column_name} must have a value.")
        case pg.CheckViolation():
            return BadInputError(f"The value of {_columns(error.diag)} is not allowed.")
        case pg.QueryCanceled():
            return TimedOutError("The database took too long to answer. Ask for less, or try again.")
        case psycopg.OperationalError():
            return UnavailableError(UNAVAILABLE)
        case psycopg.DataError() if "NUL" in str(error):
            return BadInputError("A text holds a NUL character, which can't be stored.")
        case psycopg.DataError():
            return BadInputError("A value is out of the range that can be stored.")
        case _:
            return None


def _columns(diagnosis: psycopg.errors.Diagnostic) -> str:
    """The columns that the violated constraint's name speaks of: ``uq_users_email_lower`` gives ``email``."""
    constraint = (diagnosis.constraint_name or "").removesuffix("_lower")
    words = re.sub(rf"^(uq|ck|pk)_{diagnosis.table_name}_?", "", constraint)
    return words.replace("_", " ") or "value"
