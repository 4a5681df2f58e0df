"""What the README shows of a query is what the server does."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import SEED_PASSWORD

README = Path(__file__).parents[2] / "README.md"


@pytest.mark.skipif(shutil.which("curl") is None, reason="the README's commands need curl")
def test_the_query_of_the_readme_is_answered_as_it_shows(ecoctrl):
    section = README.read_text(encoding="utf-8").split("## A query", 1)[1].split("\n## ", 1)[0]
    commands = re.search(r"```sh\n(.*?)```", section, re.DOTALL)[1]
    shown = json.loads(re.search(r"```json\n(.*?)```", section, re.DOTALL)[1])
    server = ecoctrl.serve()
    server.wait_until_ready()

    commands = commands.replace(":8000", f":{server.port}").replace("…", SEED_PASSWORD)
    done = subprocess.run(["sh", "-c", commands], capture_output=True, text=True, timeout=60, check=True)
    server.stop()

    answer = json.loads(done.stdout)
    assert shape(answer) == shape(shown)
    area = answer["data"]["energyAreas"]["nodes"][0]
    assert area["title"] == shown["data"]["energyAreas"]["nodes"][0]["title"]


def shape(value: Any) -> Any:
    """The form of an answer; its figures depend on the hour and the season at which the sample was made."""
    match value:
        case dict():
            return {key: shape(part) for key, part in value.items()}
        case list():
            return [shape(part) for part in value]
        case _:
            return type(value)
