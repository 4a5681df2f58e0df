"""The PostgreSQL that this server runs by itself when no ``DATABASE_URL`` is set."""

import os
from pathlib import Path
from types import TracebackType
from typing import Self

from ecoctrl_gql.config import kept_secret
from ecoctrl_gql.db.embedded.binaries import data_major, find_binaries
from ecoctrl_gql.db.embedded.cluster import Cluster
from ecoctrl_gql.db.embedded.home import usable_home
from ecoctrl_gql.db.embedded.initdb import make_data_folder
from ecoctrl_gql.db.embedded.locks import FileLock
from ecoctrl_gql.db.embedded.os_user import service_user
from ecoctrl_gql.db.embedded.postmaster import find_postmaster
from ecoctrl_gql.db.embedded.provision import provision
from ecoctrl_gql.errors import SetupError


class EmbeddedPostgres:
    """
    A PostgreSQL server of our own under a folder, shared by all processes that use the folder.

    Whoever comes first starts it and whoever leaves last stops it. A killed process no longer counts as
    a user, and the server that it leaves behind is adopted by the next.
    """

    def __init__(self, home: Path) -> None:
        self.home = home
        self._cluster: Cluster | None = None
        self._use: FileLock | None = None
        self._url = ""

    def start(self) -> str:
        """
        Start the server or adopt the running one; on the first start make the data folder.

        Returns:
            The URL of the ``ecoctrl`` database, for a role that owns it and may create others.

        Raises:
            SetupError: It can't be started; the message says why.
        """
        if os.name != "posix":
            raise SetupError("The embedded PostgreSQL runs on Linux and macOS only; set DATABASE_URL.")
        if self._use is None:
            try:
                self._start()
            except OSError as error:
                raise SetupError(
                    f"The embedded PostgreSQL can't use {error.filename or self.home}: {error.strerror}."
                ) from error
        return self._url

    def stop(self) -> None:
        """Stop using the server; it ends with its last user."""
        # When the folder was removed meanwhile, PostgreSQL notices and ends by itself.
        if self._cluster is not None and self._cluster.home.exists():
            with self._turn(self._cluster):
                self._leave(self._cluster)

    def revive(self) -> None:
        """
        Start the server again where it has died, on the same port; nothing while it runs.

        Raises:
            SetupError: It does not start.
        """
        cluster = self._cluster
        if cluster is not None and find_postmaster(cluster.data) is None:
            with self._turn(cluster):
                made_by = data_major(cluster.data)
                cluster.ensure_running(find_binaries(cluster.home, cluster.user, made_by))

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _start(self) -> None:
        user = service_user(self.home / "pgdata")
        cluster = Cluster(usable_home(self.home, user), user)
        with self._turn(cluster):
            self._cluster, self._use = cluster, FileLock(cluster.home / "users.lock")
            try:
                self._use.acquire(shared=True)
                self._url = self._run(cluster)
            except BaseException:
                self._leave(cluster)
                raise

    @staticmethod
    def _run(cluster: Cluster) -> str:
        superuser_password = kept_secret(cluster.home / "superuser.password")
        made_by = data_major(cluster.data)
        binaries = find_binaries(cluster.home, cluster.user, made_by)
        if made_by is None:
            make_data_folder(cluster.data, cluster.user, binaries, superuser_password)
        port = cluster.ensure_running(binaries)
        return provision(port, kept_secret(cluster.home / "ecoctrl.password"), superuser_password)

    def _leave(self, cluster: Cluster) -> None:
        """Stop using the server; with its last user it ends. The caller has the turn, so nobody can join."""
        if self._use is None:
            return
        self._use.release()
        try:
            if self._use.acquire(wait=False):
                cluster.stop()
        finally:
            self._use.release()
            self._cluster = self._use = None

    @staticmethod
    def _turn(cluster: Cluster) -> FileLock:
        """Starting and stopping are done by one process at a time."""
        return FileLock(cluster.home / "start.lock")
