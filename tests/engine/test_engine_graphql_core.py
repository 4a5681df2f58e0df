"""graphql-core's own tests, from its source distribution, with the engine as the default executor."""

import importlib.metadata
import json
import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Any

import pytest
from graphql_core_differences import DIFFERENCES

VERSION = importlib.metadata.version("graphql-core")
HERE = Path(__file__).parent
TESTS = [
    "tests/execution",
    "tests/test_star_wars_query.py",
    "tests/test_star_wars_introspection.py",
    "tests/type/test_introspection.py",
]
UNREACHABLE = ("from versions: none", "ConnectionError", "ConnectTimeout", "ReadTimeout", "name resolution")


@pytest.fixture(scope="module")
def sources(pytestconfig: pytest.Config) -> Path:
    """The unpacked source distribution of the installed graphql-core."""
    folder = Path(pytestconfig.cache.mkdir("graphql-core"))
    unpacked = folder / f"graphql_core-{VERSION}"
    if not (unpacked / "tests").is_dir():
        archive = folder / f"graphql_core-{VERSION}.tar.gz"
        download(folder)
        with tarfile.open(archive) as tar:
            tar.extractall(folder, filter="data")
    return unpacked


def download(folder: Path) -> None:
    requirement = f"graphql-core=={VERSION}"
    options = [
        "--no-binary",
        "graphql-core",
        "--no-deps",
        "--timeout",
        "15",
        "--retries",
        "1",
        "--dest",
        str(folder),
    ]
    done = subprocess.run(
        [*pip(), "download", *options, requirement], capture_output=True, text=True, check=False
    )
    if done.returncode and any(sign in done.stdout + done.stderr for sign in UNREACHABLE):
        pytest.skip("the package index can't be reached: graphql-core's own tests were not run")
    assert done.returncode == 0, done.stdout + done.stderr


def pip() -> list[str]:
    """A pip to download with: environments made by uv have none of their own."""
    base = Path(sys.base_prefix, "bin", f"python3.{sys.version_info.minor}")
    candidates = [[sys.executable, "-m", "pip"], [str(base), "-m", "pip"], [shutil.which("pip") or "pip"]]
    for candidate in candidates:
        if (
            shutil.which(candidate[0])
            and not subprocess.run([*candidate, "--version"], capture_output=True).returncode
        ):
            return candidate
    pytest.fail("graphql-core's own tests need pip to download them")


@pytest.fixture(scope="module")
def report(sources: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    path = tmp_path_factory.mktemp("graphql-core") / "report.json"
    options = [
        "-q",
        "-o",
        "addopts=",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:asyncio",
        "-p",
        "graphql_core_plugin",
    ]
    search = os.pathsep.join([str(HERE), str(HERE.parents[1])])
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, *TESTS],
        cwd=sources,
        env=os.environ | {"PYTHONPATH": search, "GRAPHQL_CORE_REPORT": str(path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert path.exists(), done.stdout + done.stderr
    result: dict[str, Any] = json.loads(path.read_text())
    return result


def test_only_permitted_differences(report: dict[str, Any]) -> None:
    failed = {nodeid.removeprefix("tests/execution/") for nodeid in report["failed"]}

    assert failed - set(DIFFERENCES) == set(), "the engine differs where the specification leaves no choice"
    assert set(DIFFERENCES) - failed == set(), "these no longer differ: take them off the list"


def test_the_suite_ran_on_plans(report: dict[str, Any]) -> None:
    assert report["passed"] + len(DIFFERENCES) > 750
    assert report["planned"] > 380
