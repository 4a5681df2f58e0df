import psycopg
import pytest
from sqlalchemy import Column, Index, String

from ecoctrl_gql.db.migrations import check_revision, development, drop, migrate, push
from ecoctrl_gql.errors import SetupError

OBJECTS = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"


def test_an_empty_database_gets_the_models_and_counts_as_migrated(empty_url, diff, execute):
    statements = push(empty_url)

    assert diff(empty_url) == []
    check_revision(empty_url)
    assert [text for text in statements if text.startswith("CREATE TABLE alerts")] != []
    assert push(empty_url) == []
    assert migrate(empty_url) == []


def test_a_change_reaches_a_database_with_its_rows_kept(migrated_url, changed, diff, execute):
    execute(migrated_url, "INSERT INTO alerts (device, level, message) VALUES ('d', 'high', 'm')")
    alerts = changed.metadata.tables["alerts"]
    alerts.append_column(Column("remark", String(50), server_default="none"))
    Index("ix_alerts_remark", alerts.c.remark)

    statements = push(migrated_url, source=changed)

    assert [text.partition(" ")[0] for text in statements] == ["ALTER", "CREATE"]
    assert diff(migrated_url, changed.metadata) == []
    assert execute(migrated_url, "SELECT device, remark FROM alerts") == [("d", "none")]


def test_nothing_is_lost_unasked(migrated_url, changed, diff):
    changed.metadata.remove(changed.metadata.tables["files"])
    alerts = changed.metadata.tables["alerts"]
    alerts._columns.remove(alerts.c.message)

    with pytest.raises(
        SetupError, match=r"would drop the table files, the column alerts\.message with all data"
    ):
        push(migrated_url, source=changed)
    assert diff(migrated_url) == []

    push(migrated_url, source=changed, accept_loss=True)
    assert diff(migrated_url, changed.metadata) == []


def test_another_programs_database_is_left_alone(empty_url, execute):
    execute(empty_url, "CREATE TABLE alerts (id int)")

    with pytest.raises(SetupError, match="tables that this program did not make"):
        push(empty_url)


def test_drop_leaves_nothing_and_push_begins_anew(migrated_url, execute, diff):
    for statement in [
        "CREATE TYPE colour AS ENUM ('red')",
        "CREATE DOMAIN percent AS int CHECK (VALUE < 101)",
        'CREATE TABLE "a % table" (shade colour, share percent)',
        "CREATE VIEW devices AS SELECT DISTINCT device FROM alerts",
        "CREATE MATERIALIZED VIEW counts AS SELECT count(*) FROM devices",
        "CREATE SEQUENCE numbers",
        "CREATE FUNCTION shade(colour) RETURNS text LANGUAGE sql AS 'SELECT $1::text'",
        "CREATE FUNCTION noticed() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
        "CREATE TRIGGER noticed BEFORE INSERT ON alerts FOR EACH ROW EXECUTE FUNCTION noticed()",
    ]:
        execute(migrated_url, statement)

    drop(migrated_url)

    assert execute(migrated_url, OBJECTS) == []
    left = "SELECT 1 FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
    assert execute(migrated_url, left) == []
    assert execute(migrated_url, "SELECT to_regtype('colour'), to_regtype('percent')") == [(None, None)]
    push(migrated_url)
    assert diff(migrated_url) == []


def test_drop_gives_up_on_a_table_in_use(migrated_url, monkeypatch, execute):
    monkeypatch.setattr(development, "LOCK_TIMEOUT_S", 0.2)

    with psycopg.connect(migrated_url) as busy:
        busy.execute("SELECT * FROM files")
        with pytest.raises(SetupError, match="end long transactions"):
            drop(migrated_url)

    assert execute(migrated_url, "SELECT count(*) FROM alerts") == [(0,)]
