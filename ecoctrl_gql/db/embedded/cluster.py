"""Running the server of a data folder."""

import os
import re
import signal
import socket
import time
from contextlib import suppress
from pathlib import Path

import structlog

from ecoctrl_gql.db.embedded.binaries import Binaries, drop_other_copies
from ecoctrl_gql.db.embedded.os_user import OsUser, problem_in
from ecoctrl_gql.db.embedded.postmaster import find_postmaster, is_alive, remove_misleading_pid_file
from ecoctrl_gql.errors import SetupError

START_TIMEOUT_S = 300.0  # recovery after a crash reads back up to max_wal_size
STOP_TIMEOUT_S = 60.0
POLL_S = 0.02
LOG_MAX_BYTES = 10_000_000

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",  # a socket's path is limited to 107 bytes, a data folder's is not
    "password_encryption": "scram-sha-256",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "work_mem": "8MB",
    "random_page_cost": "1.1",
    "jit": "off",
    "synchronous_commit": "on",
    "wal_compression": "on",
    "max_wal_size": "512MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # Failed statements are reported by the client, which knows the request. Without them the log stays small.
    "log_min_messages": "log",
    "log_checkpoints": "off",
}

# The old server's last processes are still leaving; another program took the port in between.
TRANSIENT = re.compile("pre-existing shared memory block|could not create any TCP/IP sockets")

log = structlog.get_logger(__name__)


class Cluster:
    """The data under ``home`` and its server. The caller sees to it that only one process acts at a time."""

    def __init__(self, home: Path, user: OsUser) -> None:
        self.home, self.user = home, user
        self.data = home / "pgdata"
        self._log_file, self._port_file = home / "postgres.log", home / "port"

    def ensure_running(self, binaries: Binaries) -> int:
        """
        Start the server, or adopt the one that is running, and wait until it takes connections.

        Returns:
            Its port.

        Raises:
            SetupError: It does not start.
        """
        deadline = time.monotonic() + START_TIMEOUT_S
        child: int | None = None
        log_start = 0
        while time.monotonic() < deadline:
            server = find_postmaster(self.data)
            if server is None and (child is None or not is_alive(child)):
                if child is not None:
                    self._raise_unless_transient(log_start)
                log_start = self._rotate_log()
                child = self._spawn(binaries)
            elif server is not None and server.ready:
                self._port_file.write_text(str(server.port), encoding="utf-8")
                return server.port
            time.sleep(POLL_S)
        raise SetupError(
            f"The embedded PostgreSQL is not ready after {START_TIMEOUT_S:.0f} s (see {self._log_file})."
        )

    def stop(self) -> None:
        """Stop the server, ending its sessions, and wait until it is gone."""
        server = find_postmaster(self.data)
        if server is None:
            return
        with suppress(ProcessLookupError):
            os.kill(server.pid, signal.SIGINT)
        deadline = time.monotonic() + STOP_TIMEOUT_S
        while find_postmaster(self.data) is not None:
            if time.monotonic() > deadline:
                log.warning("The embedded PostgreSQL is still shutting down; it will end by itself.")
                return
            time.sleep(POLL_S)

    def _spawn(self, binaries: Binaries) -> int:
        remove_misleading_pid_file(self.data)
        drop_other_copies(self.home, binaries)
        server = [str(binaries.folder / "postgres"), "-D", str(self.data), "-p", str(self._free_port())]
        for name, value in self._settings(binaries).items():
            server += ["-c", f"{name}={value}"]
        self._log_file.touch(0o600)
        with self._log_file.open("ab") as output:
            self.user.own(output.fileno())
            # The shell leaves at once, so the system adopts the server: it outlives us and leaves no zombie.
            launch = ["/bin/sh", "-c", '"$@" >&2 & echo $!', "sh", *server]
            return int(self.user.run(launch, stderr=output, detach=True).stdout)

    def _settings(self, binaries: Binaries) -> dict[str, str]:
        if binaries.has_library("pg_stat_statements", self.user):
            return SETTINGS | {"shared_preload_libraries": "pg_stat_statements"}
        return SETTINGS

    def _free_port(self) -> int:
        """The port of last time, else any that is free."""
        try:
            return _bindable(int(self._port_file.read_text(encoding="utf-8")))
        except (OSError, ValueError, OverflowError):
            return _bindable(0)

    def _rotate_log(self) -> int:
        """Set a long log aside. Returns where the next start's lines begin."""
        size = self._log_file.stat().st_size if self._log_file.exists() else 0
        if size <= LOG_MAX_BYTES:
            return size
        self._log_file.replace(self._log_file.with_suffix(".log.1"))
        return 0

    def _raise_unless_transient(self, log_start: int) -> None:
        said = self._log_file.read_bytes()[log_start:].decode(errors="replace")
        if not TRANSIENT.search(said):
            raise SetupError(
                f"The embedded PostgreSQL does not start: {problem_in(said)} (see {self._log_file})."
            )


def _bindable(port: int) -> int:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", port))
        bound: int = probe.getsockname()[1]
    return bound
