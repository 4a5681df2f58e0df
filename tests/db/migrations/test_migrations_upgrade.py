import re

import psycopg
import pytest
from alembic.script import ScriptDirectory
from psycopg.conninfo import make_conninfo
from sqlalchemy import Index, Integer

from ecoctrl_gql.db.database import Database
from ecoctrl_gql.db.migrations import (
    SchemaState,
    check_revision,
    downgrade,
    generate,
    migrate,
    pending,
    schema_state,
    server,
)
from ecoctrl_gql.db.migrations.scripts import ours, script_name
from ecoctrl_gql.db.tables import UserRow
from ecoctrl_gql.errors import SetupError, UnavailableError

TABLES = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
ALL = [script_name(script) for script in ours().after(None)]
MIGRATE = """
import sys
from pathlib import Path
from ecoctrl_gql.db.migrations import migrate
from ecoctrl_gql.db.migrations.scripts import Source, ours
print(*migrate(sys.argv[1], source=Source(ours().metadata, Path(sys.argv[2]))), sep="\\n")
"""


def test_migrations_form_one_line_and_have_dated_names():
    scripts = ScriptDirectory.from_config(ours().config())

    assert len(scripts.get_heads()) == 1
    assert [name for name in ALL if not re.fullmatch(r"\d{4}(_\d\d){2}_\d{4}_\w+", name)] == []


def test_up_down_and_up_again_gives_the_models(empty_url, diff, execute):
    assert migrate(empty_url) == ALL
    assert diff(empty_url) == []

    downgrade(empty_url, "base")
    assert execute(empty_url, TABLES) == [("alembic_version",)]

    assert migrate(empty_url) == ALL
    assert diff(empty_url) == []
    assert {name for (name,) in execute(empty_url, TABLES)} == {*UserRow.metadata.tables, "alembic_version"}


def test_what_is_applied_is_not_applied_again(empty_url):
    assert pending(empty_url) == ALL
    with pytest.raises(SetupError, match=r"lacks \d+ migration.*ecoctrl migrate"):
        check_revision(empty_url)

    migrate(empty_url)

    assert pending(empty_url) == []
    assert migrate(empty_url) == []
    check_revision(empty_url)


def test_processes_that_migrate_at_once_do_it_once(empty_url, changed, start, output_of, diff):
    """With an index made concurrently among it, which would wait for a statement that waits for its turn."""
    Index("ix_alerts_message", changed.metadata.tables["alerts"].c.message)
    (path,) = generate(empty_url, "find alerts by message", source=changed)

    processes = [start(MIGRATE, empty_url, changed.folder) for _ in range(3)]
    applied = [name for process in processes for name in output_of(process) if name]

    assert applied == [*ALL, path.stem]
    assert diff(empty_url, changed.metadata) == []


def test_a_database_of_a_newer_version_is_refused(migrated_url, execute):
    execute(migrated_url, "UPDATE alembic_version SET version_num = 'abcdef012345'")

    for command in (migrate, pending, check_revision):
        with pytest.raises(SetupError, match=r"newer version.*update the program, or restore a backup"):
            command(migrated_url)


def test_another_programs_database_is_left_alone(empty_url, execute):
    execute(empty_url, "CREATE TABLE users (id serial, name text)")

    with pytest.raises(SetupError, match=r"tables that this program did not make \(users"):
        migrate(empty_url)

    assert execute(empty_url, TABLES) == [("users",)]


def test_a_table_in_use_is_not_waited_for_for_long(migrated_url, changed, monkeypatch, execute):
    changed.metadata.tables["alerts"].c.device.comment = "Changed."
    (path,) = generate(migrated_url, "change a comment", source=changed)
    monkeypatch.setattr(server, "LOCK_TIMEOUT_S", 0.2)

    with psycopg.connect(migrated_url) as busy:
        busy.execute("LOCK TABLE alerts IN ACCESS EXCLUSIVE MODE")
        with pytest.raises(SetupError, match=r"in use for more than 0\.2 s: end long transactions"):
            migrate(migrated_url, source=changed)

    assert migrate(migrated_url, source=changed) == [path.stem]


def test_what_a_migration_did_before_it_failed_is_undone(migrated_url, changed, execute, diff):
    alerts = changed.metadata.tables["alerts"]
    alerts.append_column(alerts.c.device._copy(), replace_existing=True)
    alerts.c.device.comment = "Changed."
    execute(migrated_url, "INSERT INTO alerts (device, level, message) VALUES ('d', 'high', 'm')")
    alerts.append_column(type(alerts.c.device)("weight", Integer, nullable=False))
    generate(migrated_url, "add a weight", source=changed)

    with pytest.raises(SetupError, match=r"Stored rows don't fit the new schema"):
        migrate(migrated_url, source=changed)

    assert diff(migrated_url) == []


async def test_the_state_is_told_in_one_cheap_question(empty_url, execute):
    database = Database(empty_url, pool_size=1)
    await database.open()
    try:
        assert await schema_state(database) is SchemaState.BEHIND
        migrate(empty_url)
        assert await schema_state(database) is SchemaState.CURRENT
        execute(empty_url, "UPDATE alembic_version SET version_num = 'abcdef012345'")
        assert await schema_state(database) is SchemaState.NEWER
        execute(empty_url, "DELETE FROM alembic_version")
        assert await schema_state(database) is SchemaState.BEHIND
    finally:
        await database.close()


async def test_the_state_of_a_database_that_is_away_is_unavailable(empty_url, monkeypatch):
    database = Database(make_conninfo(empty_url, port=1), pool_size=1)
    database._pool.timeout = 0.2
    await database.open()
    try:
        with pytest.raises(UnavailableError):
            await schema_state(database)
    finally:
        await database.close()
