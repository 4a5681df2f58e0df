"""What an embedded server makes of processes that were killed."""

import subprocess
import time

from ecoctrl_gql.db.embedded.postmaster import PID_FILE


def test_data_survives_a_killed_postmaster(filled_home):
    with filled_home.server() as server:
        url = server.start()
        filled_home.kill_server()

        with filled_home.server() as later:
            assert later.start() == url
            assert filled_home.total(url) == filled_home.TOTAL


def test_the_server_of_a_killed_process_is_adopted(filled_home, app):
    user = app(filled_home)
    url = user.stdout.readline().strip()
    pid = filled_home.pid
    user.kill()
    user.wait()

    with filled_home.server() as server:
        assert server.start() == url
        assert filled_home.pid == pid
        assert filled_home.total(url) == filled_home.TOTAL

    assert filled_home.pid is None


def test_another_program_with_the_pid_of_the_old_server_is_left_alone(filled_home):
    with filled_home.server() as server:
        server.start()
        filled_home.kill_server()

    owner = filled_home.data.stat().st_uid  # PostgreSQL only minds programs that it could signal
    with subprocess.Popen(["sleep", "60"], user=owner, cwd="/") as stranger:
        pid_file = filled_home.data / PID_FILE
        _, *rest = pid_file.read_text().splitlines(keepends=True)
        pid_file.write_text("".join([f"{stranger.pid}\n", *rest]))

        try:
            with filled_home.server() as server:
                assert filled_home.total(server.start()) == filled_home.TOTAL
            assert stranger.poll() is None
        finally:
            stranger.kill()


def test_a_killed_initdb_never_looks_finished(home, app):
    user = app(home)
    while not list(home.path.glob("initdb-*/pgdata/PG_VERSION")):
        assert user.poll() is None
        time.sleep(0.005)
    user.kill()
    user.wait()
    assert not home.data.exists()

    with home.server() as server:
        home.fill(server.start())
        assert home.total(server.start()) == home.TOTAL
