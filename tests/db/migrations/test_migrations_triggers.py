"""Triggers that models declare, in migrations and by push."""

from dataclasses import replace

import psycopg
import pytest
from sqlalchemy import Column, Integer, MetaData, Table

from ecoctrl_gql.db.migrations import push
from ecoctrl_gql.db.triggers import APPEND_ONLY, TRIGGERS, Trigger, TriggerFunction, triggers

SHOUT = TriggerFunction(
    "shout",
    """
BEGIN
  UPDATE files SET name = upper(files.name) FROM new_rows WHERE files.id = new_rows.id;
  RETURN NULL;
END
""",
)
SHOUTS = Trigger("shouts", "AFTER INSERT", SHOUT, "NEW TABLE AS new_rows")
INSERT = "INSERT INTO files (name) VALUES ('plan.pdf') RETURNING id"
NAME = "SELECT name FROM files"


def declare(metadata: MetaData, table: str, *declared: Trigger) -> None:
    metadata.tables[table].info[TRIGGERS] = declared


def test_a_trigger_is_written_applied_and_taken_back(changed, go, back, migrated_url, execute):
    declare(changed.metadata, "files", SHOUTS)

    (text,) = go()
    execute(migrated_url, INSERT)

    assert execute(migrated_url, NAME) == [("PLAN.PDF",)]
    assert "CREATE OR REPLACE TRIGGER shouts AFTER INSERT ON files" in text
    back()


def test_a_changed_function_replaces_the_old_one(changed, go, migrated_url, execute):
    declare(changed.metadata, "files", SHOUTS)
    go("shout")
    lower = replace(SHOUT, body=SHOUT.body.replace("upper", "lower"))
    declare(changed.metadata, "files", replace(SHOUTS, runs=lower))

    (text,) = go("whisper")
    execute(migrated_url, INSERT.replace("plan", "Plan"))

    assert execute(migrated_url, NAME) == [("plan.pdf",)]
    assert "TRIGGER" not in text


def test_a_changed_trigger_replaces_the_old_one(changed, go, migrated_url, execute):
    declare(changed.metadata, "files", SHOUTS)
    go("shout")
    declare(
        changed.metadata,
        "files",
        replace(SHOUTS, when="AFTER UPDATE", runs=replace(SHOUT, body="BEGIN RETURN NULL; END")),
    )

    go("shout later")
    execute(migrated_url, INSERT)

    assert execute(migrated_url, NAME) == [("plan.pdf",)]


def test_a_trigger_goes_with_its_table_and_takes_its_function_along(changed, go, back, migrated_url, execute):
    declare(changed.metadata, "files", SHOUTS)
    go("shout")
    declare(changed.metadata, "files")

    (text,) = go("be silent")

    assert "DROP TRIGGER shouts ON files" in text
    assert execute(migrated_url, "SELECT to_regproc('shout')") == [(None,)]


def test_an_append_only_table_keeps_what_it_has(changed, migrated_url, execute, diff):
    Table("diary", changed.metadata, Column("id", Integer, primary_key=True), **triggers(APPEND_ONLY))

    push(migrated_url, source=changed)
    execute(migrated_url, "INSERT INTO diary DEFAULT VALUES")

    assert diff(migrated_url, changed.metadata) == []
    for change in ("UPDATE diary SET id = 2", "DELETE FROM diary", "TRUNCATE diary"):
        with pytest.raises(psycopg.errors.RestrictViolation, match="only added"):
            execute(migrated_url, change)
    assert execute(migrated_url, "SELECT id FROM diary") == [(1,)]
