"""One server a data folder."""

import subprocess
import sys

import pytest

from ecoctrl_gql.errors import SetupError
from ecoctrl_gql.instance import InstanceLock

HOLD = """
import sys
from pathlib import Path
from ecoctrl_gql.instance import InstanceLock
with InstanceLock.acquire(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.readline()
"""


def test_a_second_server_is_refused_until_the_first_is_gone(tmp_path):
    command = [sys.executable, "-c", HOLD, str(tmp_path / "data")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout.readline() == b"held\n"

        with pytest.raises(SetupError, match=rf"Another EcoCtrl server \(pid {holder.pid}\) already runs"):
            InstanceLock.acquire(tmp_path / "data")

        holder.kill()
    with InstanceLock.acquire(tmp_path / "data"):
        pass


def test_a_released_folder_is_free(tmp_path):
    InstanceLock.acquire(tmp_path).release()
    InstanceLock.acquire(tmp_path).release()


def test_a_folder_that_can_not_be_made_is_told(tmp_path):
    (tmp_path / "file").touch()

    with pytest.raises(SetupError, match=r"The data folder .*file/data can't be used: Not a directory"):
        InstanceLock.acquire(tmp_path / "file" / "data")
