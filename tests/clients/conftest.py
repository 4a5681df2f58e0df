"""Installs the clients, and runs them by Node against the sample server of ``tests/http``."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
sys.path.append(str(HERE.parent / "http"))

from sample_server import Server, running_server  # noqa: E402  # found by the path above

Run = Callable[[str], Any]


@pytest.fixture(scope="session")
def clients() -> Path:
    """Where the clients are installed; skips where Node or its registry is out of reach."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("the client tests need Node 20 or newer with npm")
    installed = HERE / "node_modules" / ".package-lock.json"
    if not installed.exists() or installed.stat().st_mtime < (HERE / "package-lock.json").stat().st_mtime:
        install = subprocess.run(
            ["npm", "ci", "--ignore-scripts"],
            cwd=HERE,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        if install.returncode != 0:
            pytest.skip(f"the client tests need npm's registry: {install.stderr.strip().splitlines()[-1]}")
    return HERE


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    with running_server() as running:
        yield running


@pytest.fixture
def run(clients: Path, server: Server) -> Run:
    """Runs a script with the server's address; gives the JSON that it prints."""

    def run_script(name: str) -> Any:
        command = ["node", name, f"{server.url}/graphql", server.socket_url]
        done = subprocess.run(command, cwd=clients, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return run_script
