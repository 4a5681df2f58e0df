"""Making a new PostgreSQL data folder."""

import os
import shutil
import tempfile
from pathlib import Path

from ecoctrl_gql.db.embedded.binaries import Binaries
from ecoctrl_gql.db.embedded.os_user import OsUser, problem_in
from ecoctrl_gql.errors import SetupError

SUPERUSER = "postgres"


def make_data_folder(data: Path, user: OsUser, binaries: Binaries, superuser_password: str) -> None:
    """
    Make a data folder under another name and rename it when it is whole.

    An interrupted attempt, whose ``initdb`` may still be running, thus never passes for the real one.

    Raises:
        SetupError: PostgreSQL can't make it.
    """
    for leftover in data.parent.glob("initdb-*"):
        shutil.rmtree(leftover, ignore_errors=True)
    with tempfile.TemporaryDirectory(
        prefix="initdb-", dir=data.parent, ignore_cleanup_errors=True
    ) as scratch:
        password_file = Path(scratch) / "password"
        password_file.touch(0o600)
        password_file.write_text(superuser_password, encoding="utf-8")
        user.own(Path(scratch))
        user.own(password_file)
        _initdb(Path(scratch) / "pgdata", user, binaries, password_file)
        (Path(scratch) / "pgdata").rename(data)
    _sync(data.parent)


def _initdb(target: Path, user: OsUser, binaries: Binaries, password_file: Path) -> None:
    options = ["-U", SUPERUSER, f"--pwfile={password_file}", "--auth=scram-sha-256", "--encoding=UTF8"]
    for locale in _locales(binaries.major):
        outcome = user.run([binaries.folder / "initdb", "-D", target, *options, *locale])
        if outcome.returncode == 0:
            return
    raise SetupError(f"The embedded PostgreSQL can't make its database: {problem_in(outcome.stdout)}.")


def _locales(major: int) -> list[list[str]]:
    """Options for initdb, the best first: sorted by code point, upper and lower case of all scripts."""
    if major >= 17:
        return [["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]]
    return [["--locale=C.UTF-8"], ["--locale=C"]]


def _sync(folder: Path) -> None:
    """Make a rename in the folder last through a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
