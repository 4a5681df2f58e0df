import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from secrets import token_hex
from subprocess import PIPE, Popen

import psycopg
import pytest
from alembic.operations.ops import MigrateOperation
from psycopg import sql
from psycopg.conninfo import make_conninfo
from sqlalchemy import MetaData

import ecoctrl_gql
from ecoctrl_gql.db.migrations import creation, downgrade, generate, generation, migrate
from ecoctrl_gql.db.migrations.compare import differences
from ecoctrl_gql.db.migrations.scripts import Source, ours
from ecoctrl_gql.db.migrations.server import engine
from ecoctrl_gql.db.migrations.state import migrations_folder
from ecoctrl_gql.db.tables import UserRow


@pytest.fixture
def new_url(postgres_url: str) -> Iterator[Callable[[], str]]:
    """Makes addresses of databases that do not exist yet, and removes those databases at the end."""
    names = []

    def make() -> str:
        names.append(f"test_{token_hex(6)}")
        return make_conninfo(postgres_url, dbname=names[-1])

    yield make
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        for name in names:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))


@pytest.fixture
def empty_url(empty_database_url: str) -> str:
    return empty_database_url


@pytest.fixture
def migrated_url(database_url: str) -> str:
    return database_url


@pytest.fixture
def execute() -> Callable[..., list[tuple]]:
    """Runs a statement in a connection and transaction of its own and gives its rows."""

    def run(url: str, statement: str, *parameters: object) -> list[tuple]:
        with psycopg.connect(url) as connection:
            cursor = connection.execute(statement, parameters or None)
            return cursor.fetchall() if cursor.description else []

    return run


@pytest.fixture
def diff() -> Callable[..., list[MigrateOperation]]:
    """What still separates a database from models; from the program's own when none are given."""

    def compare(url: str, metadata: MetaData = UserRow.metadata) -> list[MigrateOperation]:
        with engine(url) as made, made.connect() as connection:
            return differences(connection, metadata)

    return compare


@pytest.fixture
def changed(tmp_path) -> Source:
    """A copy of the models and of the migrations, for a test to change."""
    metadata = MetaData(naming_convention=UserRow.metadata.naming_convention)
    for table in UserRow.metadata.tables.values():
        table.to_metadata(metadata)
    shutil.copytree(migrations_folder(), tmp_path / "alembic", ignore=shutil.ignore_patterns("__pycache__"))
    return Source(metadata, tmp_path / "alembic")


@pytest.fixture
def go(migrated_url, changed, diff) -> Callable[..., list[str]]:
    """Writes the migrations for what a test has changed, applies them, and gives their texts."""

    def run(message: str = "a change") -> list[str]:
        files = generate(migrated_url, message, source=changed)
        assert migrate(migrated_url, source=changed) == [file.stem for file in files]
        assert diff(migrated_url, changed.metadata) == []
        return [file.read_text(encoding="utf-8") for file in files]

    return run


@pytest.fixture
def back(migrated_url, changed, diff) -> Callable[[], None]:
    """Takes them down again and sees that nothing of them remains, then applies them once more."""

    def run() -> None:
        downgrade(migrated_url, ours().scripts().get_current_head() or "", source=changed)
        assert diff(migrated_url) == []
        migrate(migrated_url, source=changed)
        assert diff(migrated_url, changed.metadata) == []

    return run


@pytest.fixture
def checkout(tmp_path) -> Path:
    """A copy of the whole program, for a test to change and run."""
    leave_out = shutil.ignore_patterns("__pycache__", "static")
    shutil.copytree(Path(ecoctrl_gql.__file__).parent, tmp_path / "ecoctrl_gql", ignore=leave_out)
    shutil.copytree(migrations_folder(), tmp_path / "alembic", ignore=leave_out)
    return tmp_path


@pytest.fixture
def start() -> Callable[..., Popen[str]]:
    """Starts Python on code that sees the program in a folder, its arguments in ``sys.argv``."""

    def run(
        code: str, *arguments: object, folder: Path = Path(ecoctrl_gql.__file__).parents[1]
    ) -> Popen[str]:
        command = [sys.executable, "-c", code, *map(str, arguments)]
        return Popen(command, cwd=folder, stdout=PIPE, stderr=PIPE, text=True)

    return run


@pytest.fixture
def output_of() -> Callable[[Popen[str]], list[str]]:
    """Waits for a process to end well and gives the lines that it wrote."""

    def wait(process: Popen[str]) -> list[str]:
        output, problems = process.communicate(timeout=120)
        assert process.returncode == 0, problems
        return output.splitlines()

    return wait


@pytest.fixture
def no_right_to_create(monkeypatch) -> None:
    """The role of the tests may create databases, so it tries instead what it may not."""

    def create_database(connection: psycopg.Connection, name: str) -> None:
        connection.execute("ALTER SYSTEM SET log_min_messages = 'log'")

    monkeypatch.setattr(creation, "create_database", create_database)
    monkeypatch.setattr(generation, "create_database", create_database)
