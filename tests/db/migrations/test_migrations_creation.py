import socket
from urllib.parse import quote

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from ecoctrl_gql.db.migrations import creation, ensure_database, migrate, server
from ecoctrl_gql.errors import SetupError

NAME = 'a "test" of ours'
ENSURE = "import sys; from ecoctrl_gql.db.migrations import *; print(ensure_database(sys.argv[1]))"


@pytest.fixture
def no_waits(monkeypatch):
    monkeypatch.setattr(server, "WAITS_S", ())


@pytest.fixture
def waits(monkeypatch):
    """The pauses that were made, none of which took any time."""
    made = []
    monkeypatch.setattr(server.time, "sleep", made.append)
    return made


def test_a_missing_database_is_created_once(new_url, execute):
    url = new_url()

    assert [ensure_database(url), ensure_database(url)] == [True, False]
    assert execute(url, "SELECT getdatabaseencoding()") == [("UTF8",)]


def test_a_url_with_the_name_percent_encoded(postgres_url, execute):
    parts = conninfo_to_dict(postgres_url)
    place = f"{parts['user']}:{quote(parts['password'], safe='')}@{parts['host']}:{parts['port']}"
    url = f"postgresql://{place}/{quote(NAME)}"
    try:
        assert ensure_database(url)
        assert migrate(url) != []
    finally:
        with psycopg.connect(postgres_url, autocommit=True) as connection:
            name = sql.Identifier(NAME)
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(name))


def test_processes_that_create_it_at_once_all_succeed(new_url, start, output_of):
    url = new_url()

    processes = [start(ENSURE, url) for _ in range(3)]

    assert sorted(line for process in processes for line in output_of(process)) == ["False", "False", "True"]


def test_a_server_that_does_not_answer(no_waits):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        url = f"postgresql://me:hush@127.0.0.1:{port}/x"
        with pytest.raises(
            SetupError, match=rf"No PostgreSQL answers at 127\.0\.0\.1:{port}: start it"
        ) as refused:
            ensure_database(url)

    assert "hush" not in str(refused.value)


def test_a_host_that_does_not_exist(no_waits):
    with pytest.raises(SetupError, match=r"No PostgreSQL answers at no-such-host\.invalid:5432"):
        ensure_database("postgresql://me@no-such-host.invalid/x")


def test_a_server_that_is_starting_is_waited_for(postgres_url, monkeypatch, waits):
    """Its port is closed at first, and opens while we wait."""
    ports = iter([1, 1])
    real = psycopg.Connection.connect

    def connect(conninfo, **options):
        port = next(ports, conninfo_to_dict(postgres_url)["port"])
        return real(make_conninfo(conninfo, port=port), **options)

    monkeypatch.setattr(server.Connection, "connect", connect)
    monkeypatch.setattr(server, "ping", lambda _conninfo: server.Ping.REJECT)
    with server.connect(postgres_url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)

    assert waits == [0.25, 0.5]


def test_a_server_that_never_starts_is_given_up(waits):
    with pytest.raises(SetupError, match="No PostgreSQL answers"):
        server.connect("postgresql://me@127.0.0.1:1/x")

    assert tuple(waits) == server.WAITS_S


def test_a_wrong_password(new_url):
    with pytest.raises(
        SetupError, match="refuses the user name or password: correct them in DATABASE_URL"
    ) as refused:
        ensure_database(make_conninfo(new_url(), password="hush"))

    assert "hush" not in str(refused.value)


def test_no_password(new_url):
    parameters = conninfo_to_dict(new_url())
    del parameters["password"]

    with pytest.raises(SetupError, match="asks for a password: put it into DATABASE_URL"):
        ensure_database(make_conninfo(**parameters))


def test_a_role_that_may_not_create_databases(new_url, no_right_to_create):
    url = new_url()
    parts = conninfo_to_dict(url)

    statement = f'CREATE DATABASE "{parts["dbname"]}" OWNER "{parts["user"]}"'
    with pytest.raises(SetupError, match=f"may not create it: have an administrator run {statement}"):
        ensure_database(url)


@pytest.mark.parametrize(
    "url", ["mysql://me:hush@host/x", "hush", "postgresql://me:hu/sh@host/x", "postgresql://me@host:hush/x"]
)
def test_a_malformed_url_is_not_quoted(url):
    with pytest.raises(
        SetupError, match="DATABASE_URL is not an address of PostgreSQL: write postgresql://"
    ) as refused:
        ensure_database(url)

    assert "hu" not in str(refused.value)


def test_a_server_that_is_too_old(empty_url, monkeypatch):
    monkeypatch.setattr(creation, "MINIMUM_MAJOR", 99)

    with pytest.raises(SetupError, match=r"The server is PostgreSQL \d+.*: upgrade it to 99 or newer"):
        ensure_database(empty_url)


def test_a_database_of_another_encoding(postgres_url, new_url):
    url = new_url()
    name = conninfo_to_dict(url)["dbname"]
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(
            f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE_PROVIDER libc LOCALE 'C'"
            if connection.info.server_version >= 150000
            else f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE 'C'"
        )

    with pytest.raises(SetupError, match="stores text as SQL_ASCII: create one with ENCODING 'UTF8'"):
        ensure_database(url)
