"""Real servers in folders of their own."""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import psycopg
import pytest

from ecoctrl_gql.db.embedded import EmbeddedPostgres
from ecoctrl_gql.db.embedded.postmaster import find_postmaster


class Home:
    """A folder of an embedded server, and what tests do to it."""

    TOTAL = 500_500

    def __init__(self, path: Path) -> None:
        self.path, self.data = path, path / "pgdata"

    def server(self) -> EmbeddedPostgres:
        return EmbeddedPostgres(self.path)

    @property
    def pid(self) -> int | None:
        """The pid of the server that runs now."""
        server = find_postmaster(self.data.resolve())
        return None if server is None else server.pid

    def kill_server(self) -> None:
        with suppress(psutil.NoSuchProcess):
            process = psutil.Process(self.pid)
            process.kill()
            process.wait(10)

    def fill(self, url: str) -> None:
        with psycopg.connect(url) as connection:
            connection.execute("CREATE TABLE meters AS SELECT n FROM generate_series(1, 1000) n")

    def total(self, url: str) -> int:
        """What the stored rows add up to: TOTAL while all are there."""
        with psycopg.connect(url) as connection:
            return connection.execute("SELECT sum(n)::int FROM meters").fetchone()[0]


@contextmanager
def open_folder() -> Iterator[Path]:
    """A folder that every user can enter, which pytest's own are not."""
    folder = Path(tempfile.mkdtemp(prefix="ecoctrl-test-")).resolve()
    folder.chmod(0o755)
    yield folder
    home = Home(folder / "postgres")
    if home.pid is not None:
        home.kill_server()
    shutil.rmtree(folder)


@pytest.fixture
def folder():
    with open_folder() as folder:
        yield folder


@pytest.fixture
def home(folder):
    return Home(folder / "postgres")


@pytest.fixture(scope="session")
def filled_home_of_session():
    with open_folder() as folder:
        home = Home(folder / "postgres")
        with home.server() as server:
            home.fill(server.start())
        yield home


@pytest.fixture
def filled_home(filled_home_of_session):
    """A home with rows in it, whose server is down before and after the test."""
    assert filled_home_of_session.pid is None
    yield filled_home_of_session
    assert filled_home_of_session.pid is None


@pytest.fixture
def script() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Runs a Python program in a process of its own."""
    started: list[subprocess.Popen[str]] = []

    def run(source: str, *arguments: object) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", source, *map(str, arguments)]
        started.append(subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True))
        return started[-1]

    yield run
    for process in started:
        process.kill()
        process.communicate()


@pytest.fixture
def app(script):
    """Runs a program that uses a server, prints its URL, and leaves when told by a line."""
    source = """
import sys
from pathlib import Path
from ecoctrl_gql.db.embedded import EmbeddedPostgres
with EmbeddedPostgres(Path(sys.argv[1])) as server:
    print(server.start(), flush=True)
    sys.stdin.readline()
"""
    return lambda home: script(source, home.path)
