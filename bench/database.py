"""The PostgreSQL that all servers are measured on: one of its own, for as long as the benchmark runs."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import LiteralString
from urllib.parse import urlsplit, urlunsplit

import psycopg

from bench.login import PASSWORD
from bench.samples import Samples, add_samples
from ecoctrl_gql.db.embedded import EmbeddedPostgres
from ecoctrl_gql.db.embedded.initdb import SUPERUSER
from ecoctrl_gql.db.migrations import migrate
from ecoctrl_gql.seed import seed


@dataclass(frozen=True, slots=True)
class BenchDatabase:
    """
    The database, filled and quiet.

    Attributes:
        url: Where it is, for its owner.
        postmaster: The process id of PostgreSQL's first process.
        samples: The keys that requests ask for.
        log: The file that PostgreSQL tells its errors in.
    """

    url: str
    postmaster: int
    samples: Samples
    log: Path

    def log_size(self) -> int:
        return self.log.stat().st_size

    def errors_since(self, size: int) -> list[str]:
        """The errors that PostgreSQL has told since its log had a size."""
        with self.log.open("rb") as file:
            file.seek(size)
            lines = file.read().decode(errors="replace").splitlines()
        return [line for line in lines if "ERROR:" in line or "FATAL:" in line or "PANIC:" in line]

    def value(self, query: LiteralString) -> str:
        """The one value that a query gives, as text."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            row = connection.execute(query).fetchone()
        return "" if row is None else str(row[0])

    def remove_raised_alerts(self) -> int:
        """Bring the alerts back to what they were before a benchmark raised some; how many those were."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            removed = connection.execute("DELETE FROM alerts WHERE device LIKE 'Raised %'").rowcount
            connection.execute("VACUUM ANALYZE alerts")
        return removed


@contextmanager
def bench_database() -> Iterator[BenchDatabase]:
    """Start a server in a temporary folder, fill it, and remove all of it at the end."""
    # not TemporaryDirectory: as root the server runs as another user, who must reach the folder
    home = Path(tempfile.mkdtemp(prefix="ecoctrl-bench-"))
    home.chmod(0o755)
    try:
        with EmbeddedPostgres(home / "postgres") as server:
            url = server.start()
            yield _filled(url, (home / "postgres").resolve())
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _filled(url: str, folder: Path) -> BenchDatabase:
    _log_errors(url, (folder / "superuser.password").read_text(encoding="utf-8"))
    migrate(url)
    seed(url, now=datetime.now(UTC), password=PASSWORD)
    samples = add_samples(url)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
    postmaster = int((folder / "pgdata" / "postmaster.pid").read_text(encoding="utf-8").splitlines()[0])
    return BenchDatabase(url, postmaster, samples, folder / "postgres.log")


def _log_errors(url: str, superuser_password: str) -> None:
    """An embedded server leaves failed statements to its clients; here nobody may miss one."""
    parts = urlsplit(url)
    superuser = f"{SUPERUSER}:{superuser_password}@{parts.hostname}:{parts.port}"
    with psycopg.connect(urlunsplit(parts._replace(netloc=superuser)), autocommit=True) as connection:
        connection.execute("ALTER DATABASE ecoctrl SET log_min_messages = 'error'")
