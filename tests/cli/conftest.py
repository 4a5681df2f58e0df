"""Runs the real command in a process of its own."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

START_TIMEOUT_S = 90.0
SEED_PASSWORD = "the password of the samples"
ADMIN_PASSWORD = "the password of the first admin"
PRODUCTION = {"ECOCTRL_ENV": "production", "JWT_SECRET": "x" * 32, "INIT_ADMIN_PASSWORD": ADMIN_PASSWORD}
LOG_IN = """mutation($login: String!, $password: String!) {
  login(input: {login: $login, password: $password}) { accessToken } }"""


@dataclass
class Command:
    """The ``ecoctrl`` command in a folder, with an environment of its own."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)

    def __call__(self, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self._line(arguments),
            cwd=self.folder,
            env=self._env(),
            input=stdin,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def serve(self, *arguments: str) -> "Server":
        port = unused_port()
        return self._start(port, "serve", "--port", str(port), *arguments)

    def work(self) -> "Server":
        """A worker; it listens nowhere."""
        return self._start(0, "worker")

    def _start(self, port: int, *line: str) -> "Server":
        log = (self.folder / f"{line[0]}-{port}.log").open("w+")
        process = subprocess.Popen(
            self._line(line),
            cwd=self.folder,
            env=self._env(),
            stdout=log,
            stderr=subprocess.STDOUT,
            text=True,
        )
        log.close()
        return Server(process, port, Path(log.name))

    def _line(self, arguments: tuple[str, ...]) -> list[str]:
        return [sys.executable, "-m", "ecoctrl_gql", *arguments]

    def _env(self) -> dict[str, str]:
        inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        own = {"PYTHONPATH": str(Path(__file__).parents[2]), "SEED_PASSWORD": SEED_PASSWORD}
        return inherited | own | self.environment


@dataclass
class Server:
    process: "subprocess.Popen[str]"
    port: int
    log: Path
    token: str | None = None

    def wait_until_ready(self) -> None:
        end = time.monotonic() + START_TIMEOUT_S
        while time.monotonic() < end:
            assert self.process.poll() is None, self.log.read_text()
            try:
                if httpx.get(f"http://127.0.0.1:{self.port}/ready").status_code == httpx.codes.OK:
                    return
            except httpx.TransportError:
                time.sleep(0.1)
        raise AssertionError(self.log.read_text())

    def query(self, text: str, user: str = "super_admin", password: str = SEED_PASSWORD) -> dict:
        """What the server answers to a user, who is logged in at the first query."""
        if self.token is None:
            self.token = self._log_in(user, password)
        return self._post({"query": text}, {"Authorization": f"Bearer {self.token}"})

    def _log_in(self, user: str, password: str) -> str:
        answer = self._post({"query": LOG_IN, "variables": {"login": user, "password": password}}, {})
        return answer["data"]["login"]["accessToken"]

    def _post(self, body: dict, headers: dict[str, str]) -> dict:
        url = f"http://127.0.0.1:{self.port}/graphql"
        return httpx.post(url, json=body, headers=headers, timeout=30).json()

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        if self.process.poll() is None:
            self.process.send_signal(how)
        return self.process.wait(30)


def unused_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def folder() -> Iterator[Path]:
    # not tmp_path: as root the database runs as another user, who must reach the folder
    path = Path(tempfile.mkdtemp(prefix="ecoctrl-cli-"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture
def ecoctrl(folder: Path, database_url: str) -> Command:
    """The command on a migrated, empty database."""
    return Command(folder, {"DATABASE_URL": database_url})
