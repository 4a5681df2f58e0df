"""
How a database's schema stands to this version of the program.

It is told without Alembic, which takes a tenth of the memory of a server and has nothing to do in one whose
database is up to date.
"""

import re
from enum import StrEnum
from functools import cache
from pathlib import Path

from psycopg import errors as pg

from ecoctrl_gql.db.database import Database
from ecoctrl_gql.db.migrations.server import connect, setup_errors
from ecoctrl_gql.db.statements import Statement

PACKAGE = Path(__file__).parents[2]

_STORED_REVISION: Statement[str] = Statement(
    "SELECT version_num FROM alembic_version", lambda row: str(row[0])
)
_REVISION = re.compile(r'^(down_revision|revision)\b[^=\n]*=\s*(?:"(\w+)"|None)', re.MULTILINE)


class SchemaState(StrEnum):
    """How a database's schema stands to this version of the program."""

    CURRENT = "current"
    BEHIND = "behind"
    NEWER = "newer"


def migrations_folder() -> Path:
    """In a checkout it lies beside the package, in an installation inside."""
    installed = PACKAGE / "alembic"
    return installed if installed.is_dir() else PACKAGE.parent / "alembic"


@cache
def known_revisions() -> tuple[str, ...]:
    """The program's own revisions, the newest first; the files are read once a process."""
    following: dict[str, str] = {}
    for file in (migrations_folder() / "versions").glob("*.py"):
        names = dict(_REVISION.findall(file.read_text(encoding="utf-8")))
        following[names["down_revision"]] = names["revision"]
    revisions = [following[""]]
    while revisions[-1] in following:
        revisions.append(following[revisions[-1]])
    return tuple(reversed(revisions))


def is_current(url: str) -> bool:
    """
    Whether a database has just the migrations of this version.

    Raises:
        SetupError: It can't be reached.
    """
    with setup_errors(), connect(url, application_name="ecoctrl migrations") as connection:
        try:
            stored = connection.execute(_STORED_REVISION.text).fetchone()
        except pg.UndefinedTable:
            return False
    return stored is not None and stored[0] == known_revisions()[0]


async def schema_state(database: Database) -> SchemaState:
    """
    How the schema stands, in one cheap SELECT.

    Raises:
        UnavailableError: The database is away.
    """
    try:
        stored = await database.fetch(_STORED_REVISION, {})
    except pg.UndefinedTable:
        return SchemaState.BEHIND
    if not stored:
        return SchemaState.BEHIND
    if stored[0] not in known_revisions():
        return SchemaState.NEWER
    return SchemaState.CURRENT if stored[0] == known_revisions()[0] else SchemaState.BEHIND
