"""Visits to GraphiQL by a script that drives an installed Chromium."""

import asyncio
import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")


def browser_command() -> tuple[str, str]:
    """Node and Chromium; skips when one is missing, or fails where ``REQUIRE_BROWSER`` is set, as in CI."""
    node = shutil.which("node") or ""
    chromium = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUM_NAMES)), "")
    needed = {
        "node": node,
        "chromium": chromium,
        "tests/browser/node_modules (npm ci)": (HERE / "node_modules").is_dir(),
    }
    missing = [name for name, found in needed.items() if not found]
    reason = f"The browser tests lack {' and '.join(missing)}."
    if missing and os.environ.get("REQUIRE_BROWSER"):
        pytest.fail(reason)
    if missing:
        pytest.skip(reason)
    return node, chromium


async def visit(script: str, server_url: str, *arguments: str) -> dict[str, Any]:
    """What the script saw, by step."""
    node, chromium = browser_command()
    command = (node, HERE / script, f"{server_url}/graphql", chromium, *arguments)
    running = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    output, _ = await running.communicate()
    assert running.returncode == 0
    report: dict[str, Any] = json.loads(output)
    return report
