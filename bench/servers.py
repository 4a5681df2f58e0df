"""The servers that are compared, each one process on a free port of this machine."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.errors import BenchError
from bench.workloads import FLOOR, OURS, POSTGRAPHILE, Dialect
from ecoctrl_gql.config import Settings

HERE = Path(__file__).parent
SERVERS = ("ecoctrl", "stock", "postgraphile", "floor")
POOL_SIZE = 8
START_TIMEOUT_S = 60.0
NODE_MAJOR = 22
"""The first Node that PostGraphile 5 runs on; on those before, lists are null without any error."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A server to start: its name, what it is, what it understands, and how to start it."""

    name: str
    title: str
    dialect: Dialect
    command: tuple[str, ...]
    environment: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Server:
    """A server that runs."""

    kind: Kind
    pid: int
    port: int


def known_kinds() -> tuple[list[Kind], list[str]]:
    """The servers that can be started here, and why the others can't."""
    serve = (sys.executable, "-m", "ecoctrl_gql", "serve")
    kinds = [Kind("ecoctrl", "EcoCtrl", OURS, serve)]
    notes = []
    if "engine" in Settings.model_fields:
        kinds.append(Kind("stock", "EcoCtrl, `ENGINE=false`", OURS, serve, (("ENGINE", "false"),)))
    else:
        notes.append("This version has no setting ENGINE, so `stock` is left out.")
    node = find_node()
    if node is None:
        notes.append(f"PostGraphile is left out: it needs Node {NODE_MAJOR} and `npm ci --prefix bench`.")
    else:
        kinds.append(
            Kind("postgraphile", "PostGraphile", POSTGRAPHILE, (node, str(HERE / "postgraphile.mjs")))
        )
    kinds.append(Kind("floor", "the floor", FLOOR, (sys.executable, "-m", "bench.floor")))
    return kinds, notes


def find_node() -> str | None:
    """A Node that PostGraphile runs on, where that is installed: npm's own package of it, or the system's."""
    modules = HERE / "node_modules"
    if not (modules / "postgraphile").is_dir():
        return None
    packaged = [str(path) for path in modules.glob("node-*/bin/node")]
    system = shutil.which("node")
    candidates = [*packaged, *([system] if system else [])]
    return next((node for node in candidates if _major(node) >= NODE_MAJOR), None)


def node_version(node: str) -> str:
    return subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout.strip()


def _major(node: str) -> int:
    found = re.match(r"v(\d+)", node_version(node))
    return int(found[1]) if found else 0


@contextmanager
def running(kind: Kind, url: str, folder: Path) -> Iterator[Server]:
    """
    A server on the database, from when it takes connections to the end of the block.

    Raises:
        BenchError: It did not start.
    """
    port = _free_port()
    log = folder / f"{kind.name}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            kind.command,
            cwd=folder,  # away from the .env of the checkout
            env=environment(url, port, folder) | dict(kind.environment),
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait(process, port, log)
        yield Server(kind, process.pid, port)
    finally:
        process.terminate()
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def environment(url: str, port: int, folder: Path) -> dict[str, str]:
    """As in production, and nobody writes a line for each request."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "PYTHONPATH": str(HERE.parent),
        "NODE_ENV": "production",
        "ECOCTRL_ENV": "production",
        "LOG_LEVEL": "warning",
        "JWT_SECRET": "only-for-the-benchmark-on-this-machine",
        "DATA_DIR": str(folder),
        "DATABASE_URL": url,
        "DATABASE_POOL_SIZE": str(POOL_SIZE),
        "PORT": str(port),
        "WORKFLOW_RETENTION_DAYS": "0",  # or the server removes the old runs that it is asked for
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise BenchError(f"A server did not start:\n{log.read_text(errors='replace')[-2000:]}")
