"""The role of workflows: made where we may, done without where we may not."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from ecoctrl_gql.db.database import Database
from ecoctrl_gql.db.embedded import EmbeddedPostgres
from ecoctrl_gql.db.migrations import downgrade, migrate
from ecoctrl_gql.db.migrations.workflow_role import USABLE

INSERT = {"device": "d", "level": "low", "message": "m"}


@pytest.fixture(scope="module")
def superuser_url() -> Iterator[str]:
    """A superuser of a server of our own, on which the role is not there."""
    with tempfile.TemporaryDirectory(prefix="ecoctrl-role-") as folder:
        home = Path(folder)
        home.chmod(0o755)
        with EmbeddedPostgres(home / "postgres") as server:
            address = server.start().rpartition("@")[2].partition("/")[0]
            (password,) = home.rglob("superuser.password")
            url = f"postgresql://postgres:{password.read_text()}@{address}/postgres"
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute("DROP ROLE ecoctrl_workflow")
            yield url


@pytest.fixture
def superuser(superuser_url: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        yield connection


@pytest.fixture
def owner_url(
    superuser: psycopg.Connection, superuser_url: str, request: pytest.FixtureRequest
) -> Iterator[str]:
    """A migrated database that belongs to a login with the rights of the parameter."""
    name = sql.Identifier("owner")
    superuser.execute(sql.SQL("CREATE ROLE {} LOGIN PASSWORD 'x' {}").format(name, sql.SQL(request.param)))
    superuser.execute(sql.SQL("CREATE DATABASE {0} OWNER {0}").format(name))
    url = f"postgresql://owner:x@{superuser_url.rpartition('@')[2].partition('/')[0]}/owner"
    migrate(url)
    yield url
    superuser.execute(sql.SQL("DROP DATABASE {}").format(name))
    superuser.execute("DROP ROLE IF EXISTS ecoctrl_workflow")
    superuser.execute(sql.SQL("DROP ROLE {}").format(name))


async def acting_user(url: str) -> tuple[int, str | None]:
    """How many alerts a workflow finds that it has raised, and as whom it wrote."""
    database = Database(url, pool_size=2)
    await database.open()
    try:
        async with database.connection() as connection:
            await connection.execute(
                "CREATE OR REPLACE FUNCTION who() RETURNS trigger LANGUAGE plpgsql AS"
                " $$ BEGIN NEW.note = current_user; RETURN NEW; END $$;"
                " CREATE OR REPLACE TRIGGER who BEFORE INSERT ON alerts FOR EACH ROW EXECUTE FUNCTION who()"
            )
        async with database.transaction() as repos:
            await repos.workflow_tables.insert("alerts", INSERT, [])
        async with database.transaction() as repos:
            found = await repos.workflow_tables.select("alerts", {}, ["note"])
        return found.count, found.rows[-1]["note"]
    finally:
        await database.close()


@pytest.mark.parametrize("owner_url", ["CREATEROLE"], indirect=True)
async def test_who_may_make_roles_makes_it_and_acts_as_it(owner_url):
    assert await acting_user(owner_url) == (1, "ecoctrl_workflow")


@pytest.mark.parametrize("owner_url", ["NOCREATEROLE"], indirect=True)
async def test_where_no_role_can_be_made_workflows_go_on_without(owner_url):
    assert await acting_user(owner_url) == (1, "owner")


@pytest.mark.parametrize("owner_url", ["NOCREATEROLE"], indirect=True)
async def test_a_role_that_belongs_to_others_is_done_without(owner_url, superuser):
    superuser.execute("CREATE ROLE ecoctrl_workflow NOLOGIN")
    migrate(owner_url)

    assert await acting_user(owner_url) == (1, "owner")


@pytest.mark.parametrize("owner_url", ["NOCREATEROLE"], indirect=True)
async def test_what_could_not_be_made_is_made_up_for(owner_url, superuser):
    superuser.execute("CREATE ROLE ecoctrl_workflow NOLOGIN")
    superuser.execute("GRANT ecoctrl_workflow TO owner")
    migrate(owner_url)

    assert await acting_user(owner_url) == (1, "ecoctrl_workflow")


@pytest.mark.parametrize("owner_url", ["CREATEROLE"], indirect=True)
def test_nothing_is_left_to_the_role_by_going_back(owner_url, superuser):
    downgrade(owner_url, "48803f9f1604")

    with psycopg.connect(owner_url) as connection:
        assert connection.execute(f"SELECT {USABLE}").fetchone() == (False,)
    superuser.execute("DROP DATABASE owner")
    superuser.execute("CREATE DATABASE owner OWNER owner")
