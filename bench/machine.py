"""What the figures were measured on."""

import os
import platform
from importlib.metadata import version
from pathlib import Path

import orjson

from bench.database import BenchDatabase
from bench.servers import HERE, find_node, node_version

PACKAGES = ("strawberry-graphql", "graphql-core", "starlette", "uvicorn", "psycopg", "orjson")


def machine(database: BenchDatabase) -> list[str]:
    """Lines about the machine and the versions in use."""
    lines = [
        f"{os.cpu_count()} cores, {_processor()}, {platform.system()} {platform.machine()}",
        f"Python {platform.python_version()}, PostgreSQL {database.value('SHOW server_version').split()[0]}",
        ", ".join(f"{package} {version(package)}" for package in PACKAGES),
    ]
    node = find_node()
    if node is not None:
        manifest = HERE / "node_modules" / "postgraphile" / "package.json"
        postgraphile = orjson.loads(manifest.read_bytes())["version"]
        lines.append(f"Node {node_version(node).removeprefix('v')}, PostGraphile {postgraphile}")
    return lines


def busy() -> str | None:
    """A warning where the machine has other work, which makes requests a second and latencies worthless."""
    load = os.getloadavg()[0]
    if load < 0.5:
        return None
    return (
        f"The machine had other work when this began (load {load:.1f}): of these figures only those per"
        " second of processor time, and ratios, mean something."
    )


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.processor() or "unknown processor")
