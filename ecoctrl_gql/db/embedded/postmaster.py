"""The server process of a data folder, found by the pid file that PostgreSQL keeps there."""

from dataclasses import dataclass
from pathlib import Path

import psutil

PID_FILE = "postmaster.pid"


@dataclass(frozen=True, slots=True)
class Postmaster:
    """The server's main process; ``ready`` while it takes connections."""

    pid: int
    port: int
    ready: bool


def find_postmaster(data: Path) -> Postmaster | None:
    """The live server of a folder, whoever started it; None when there is none."""
    try:
        lines = (data / PID_FILE).read_text(encoding="utf-8").splitlines()
        pid, port = int(lines[0]), int(lines[3])
        command = psutil.Process(pid).cmdline()
    except (OSError, ValueError, IndexError, psutil.Error):
        return None
    # After a crash the file remains, and the system may have given its pid to another program.
    if str(data) not in command or not command[0].endswith("postgres"):
        return None
    return Postmaster(pid, port, ready=len(lines) > 7 and lines[7].strip() == "ready")


def remove_misleading_pid_file(data: Path) -> None:
    """
    Remove a pid file that names a program which is not this folder's server; there must be none.

    PostgreSQL would take that program for its server and give up. A file whose pid nobody has stays, since
    PostgreSQL also reads there which shared memory the last server's processes may still use.
    """
    try:
        pid = int((data / PID_FILE).read_text(encoding="utf-8").split()[0])
    except (OSError, ValueError, IndexError):
        return
    if psutil.pid_exists(pid):
        (data / PID_FILE).unlink()


def is_alive(pid: int) -> bool:
    """Whether a process runs; a zombie does not."""
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.Error:
        return False
