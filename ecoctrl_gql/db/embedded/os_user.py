"""The operating-system user that PostgreSQL runs as, since it refuses to run as root."""

import os
import re
import stat
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TypedDict

from ecoctrl_gql.errors import SetupError

PROBLEM = re.compile(r"\b(?:FATAL|PANIC|ERROR|error): +(.+)")


class _Identity(TypedDict, total=False):
    user: int
    group: int
    extra_groups: Sequence[int]


@dataclass(frozen=True, slots=True)
class OsUser:
    """A user to drop to; both None for the one that runs this process already."""

    uid: int | None = None
    gid: int | None = None

    @property
    def is_other(self) -> bool:
        return self.uid is not None

    def can_enter(self, folder: Path) -> bool:
        """Whether the user may pass through a folder and every folder above it."""
        return not self.is_other or all(self._may_pass(part.stat()) for part in (folder, *folder.parents))

    def own(self, path: Path | int) -> None:
        """Give a file, by its path or descriptor, to the user."""
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid)

    def run(
        self,
        command: Sequence[str | Path],
        stderr: int | IO[bytes] = subprocess.STDOUT,
        *,
        detach: bool = False,
    ) -> subprocess.CompletedProcess[str]:
        """
        Run a program to its end, and capture what it writes.

        Raises:
            OSError: The user can't run it.
        """
        return subprocess.run(  # noqa: S603 - the programs are PostgreSQL's own
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
            errors="replace",
            check=False,
            cwd="/",
            env=_environment(os.environ),
            start_new_session=detach,
            **self._identity(),
        )

    def _identity(self) -> _Identity:
        if self.uid is None or self.gid is None:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": ()}

    def _may_pass(self, status: os.stat_result) -> bool:
        if status.st_uid == self.uid:
            return bool(status.st_mode & stat.S_IXUSR)
        if status.st_gid == self.gid:
            return bool(status.st_mode & stat.S_IXGRP)
        return bool(status.st_mode & stat.S_IXOTH)


def service_user(data: Path) -> OsUser:
    """
    Choose who runs the server on a data folder: this user, or as root the folder's owner, else ``nobody``.

    Raises:
        SetupError: The system has no such user.
    """
    if os.geteuid() != 0:
        return OsUser()
    if data.exists():
        status = data.stat()
        return OsUser(status.st_uid, status.st_gid)
    import pwd  # absent on Windows, where this module is still imported

    try:
        entry = pwd.getpwnam("nobody")
    except KeyError:
        raise SetupError(
            "PostgreSQL refuses to run as root and this system has no user nobody;"
            " run as a normal user, or set DATABASE_URL."
        ) from None
    return OsUser(entry.pw_uid, entry.pw_gid)


def problem_in(output: str) -> str:
    """The line of a program's output that says what went wrong."""
    problems = PROBLEM.findall(output) or output.strip().splitlines()[-1:] or ["it says nothing"]
    return str(problems[-1]).rstrip(". ")


def _environment(environ: Mapping[str, str]) -> dict[str, str]:
    # PGDATA, PGPORT and their like would override what the server is told; messages are read in English.
    kept = {name: value for name, value in environ.items() if not name.startswith("PG")}
    return kept | {"LC_ALL": "C", "TZ": "UTC"}
