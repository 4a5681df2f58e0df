"""What an embedded server offers, and how processes share it."""

import socket
from urllib.parse import urlsplit

import psutil
import psycopg
import pytest


def test_gives_a_role_and_a_database_of_our_own(filled_home):
    with filled_home.server() as server, psycopg.connect(server.start(), autocommit=True) as connection:
        role = connection.execute(
            "SELECT rolname, rolsuper, rolcreatedb FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
        database = connection.execute(
            "SELECT datname, pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database()"
        ).fetchone()
        connection.execute("CREATE EXTENSION pg_trgm")
        connection.execute("CREATE DATABASE another")

    assert role == ("ecoctrl", False, True)
    assert database == ("ecoctrl", "ecoctrl")


def test_runs_with_the_settings_it_needs(filled_home):
    with filled_home.server() as server, psycopg.connect(server.start()) as connection:
        settings = connection.execute(
            "SELECT current_setting('TimeZone'), current_setting('synchronous_commit'), upper('äé')"
        ).fetchone()
        statements = connection.execute("SELECT count(*) FROM pg_stat_statements").fetchone()

    assert settings == ("UTC", "on", "ÄÉ")
    assert statements[0] > 0


def test_wants_the_password_and_keeps_it_to_its_owner(filled_home):
    with filled_home.server() as server:
        url = urlsplit(server.start())
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(f"postgresql://ecoctrl:wrong@{url.hostname}:{url.port}/ecoctrl")
        sockets = psutil.Process(filled_home.pid).net_connections("inet")

    assert {s.laddr.ip for s in sockets if s.status == psutil.CONN_LISTEN} == {"127.0.0.1"}
    modes = {path.name: path.stat().st_mode & 0o777 for path in filled_home.path.glob("*.password")}
    assert modes == {"superuser.password": 0o600, "ecoctrl.password": 0o600}


def test_a_lost_password_of_ours_is_replaced(filled_home):
    (filled_home.path / "ecoctrl.password").unlink()

    with filled_home.server() as server:
        assert filled_home.total(server.start()) == filled_home.TOTAL


def test_keeps_its_port_unless_it_is_taken(filled_home):
    with filled_home.server() as server:
        first = urlsplit(server.start()).port
    with filled_home.server() as server:
        assert urlsplit(server.start()).port == first

    with socket.create_server(("127.0.0.1", first)), filled_home.server() as server:
        assert urlsplit(server.start()).port != first


def test_the_last_to_leave_stops_the_server(filled_home):
    first, second = filled_home.server(), filled_home.server()
    url = first.start()
    assert second.start() == url

    first.stop()
    first.stop()
    assert filled_home.total(url) == filled_home.TOTAL

    second.stop()
    assert filled_home.pid is None


def test_two_that_start_at_once_share_one_server(home, app):
    first, second = app(home), app(home)
    assert first.stdout.readline() == second.stdout.readline()

    first.communicate("\n")
    assert home.pid is not None
    second.communicate("\n")
    assert home.pid is None
    assert (first.returncode, second.returncode) == (0, 0)
