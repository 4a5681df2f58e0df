import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, String, Table, func

from ecoctrl_gql.db.migrations import generate, migrate, pending
from ecoctrl_gql.db.migrations.models import readable
from ecoctrl_gql.db.migrations.scripts import Source, ours
from ecoctrl_gql.errors import SetupError

ALERT = "INSERT INTO alerts (device, level, message) VALUES ('chiller 1', 'high', 'hot') RETURNING id"


def columns_of(source: Source, table: str) -> dict[str, Column]:
    return dict(source.metadata.tables[table].columns)


def test_nothing_is_written_when_nothing_has_changed(postgres_url):
    before = sorted((ours().folder / "versions").glob("*.py"))

    assert generate(postgres_url, "nothing") == []

    assert sorted((ours().folder / "versions").glob("*.py")) == before


def test_no_scratch_database_remains(postgres_url, execute):
    generate(postgres_url, "nothing")

    assert (
        execute(postgres_url, "SELECT datname FROM pg_database WHERE datname LIKE 'ecoctrl_scratch%'") == []
    )


def test_a_nullable_column(migrated_url, changed, go, back, execute):
    execute(migrated_url, ALERT)
    alerts = changed.metadata.tables["alerts"]
    alerts.append_column(Column("remark", String(50), comment="A word on it."))

    (text,) = go("Add a remark, to alerts!")

    assert execute(migrated_url, "UPDATE alerts SET remark = 'seen' RETURNING remark") == [("seen",)]
    assert '"""Add a remark, to alerts!."""' in text
    back()


def test_the_file_is_named_by_date_and_message(migrated_url, changed):
    columns_of(changed, "alerts")["device"].comment = "Changed."

    (file,) = generate(migrated_url, "Say more of devices", source=changed)

    assert file.parent == changed.folder / "versions"
    assert file.name[4::3][:2] == "__"
    assert file.name.endswith("_say_more_of_devices.py")


def test_a_value_more_in_an_enum(migrated_url, checkout, start, output_of, execute):
    enums = checkout / "ecoctrl_gql" / "db" / "enums.py"
    line = '    RESOLVED = "resolved", "Its cause is gone."\n'
    text = enums.read_text(encoding="utf-8")
    assert text.count(line) == 1
    enums.write_text(text.replace(line, line + '    SNOOZED = "snoozed", "Later."\n'), encoding="utf-8")
    use = "import sys; from ecoctrl_gql.db.migrations import *; "
    snoozed = "INSERT INTO alerts (device, level, message, status) VALUES ('d', 'low', 'm', 'snoozed')"

    (file,) = output_of(start(use + "print(*generate(sys.argv[1], 'snooze'))", migrated_url, folder=checkout))
    again = output_of(start(use + "print(generate(sys.argv[1], 'no'))", migrated_url, folder=checkout))
    with pytest.raises(psycopg.errors.CheckViolation):
        execute(migrated_url, snoozed)
    applied = output_of(start(use + "print(migrate(sys.argv[1]))", migrated_url, folder=checkout))
    execute(migrated_url, snoozed)

    assert file.startswith(str(checkout / "alembic" / "versions"))
    assert applied == [f"['{file.rpartition('/')[2].removesuffix('.py')}']"]
    assert again == ["[]"]

    down = use + "downgrade(sys.argv[1], '-1')"
    _, problems = start(down, migrated_url, folder=checkout).communicate(timeout=60)
    assert "Stored rows don't fit" in problems
    execute(migrated_url, "DELETE FROM alerts")
    output_of(start(down, migrated_url, folder=checkout))
    with pytest.raises(psycopg.errors.CheckViolation):
        execute(migrated_url, snoozed)
    assert generate(migrated_url, "nothing") == []


def test_an_index_on_an_existing_table_is_made_beside_running_work(migrated_url, changed, go, back, execute):
    Index("ix_alerts_message_lower", func.lower(columns_of(changed, "alerts")["message"]))
    with psycopg.connect(migrated_url) as writer:
        writer.execute(ALERT)
        writer.commit()
        writer.execute("SELECT pg_advisory_xact_lock(1)")

        (text,) = go()

    assert text.count("postgresql_concurrently=True") == 3
    assert text.count('op.execute("SET lock_timeout = 0")') == 2
    definition = "SELECT indexdef FROM pg_indexes WHERE indexname = 'ix_alerts_message_lower'"
    assert execute(migrated_url, definition)[0][0].endswith("USING btree (lower(message))")
    back()


def test_an_index_that_was_interrupted_is_made_anew(migrated_url, changed, diff, execute):
    first, second = execute(migrated_url, ALERT + ", level") + execute(migrated_url, ALERT + ", level")
    Index("uq_alerts_message", columns_of(changed, "alerts")["message"], unique=True)
    (file,) = generate(migrated_url, "one alert a message", source=changed)

    with pytest.raises(SetupError, match="Stored rows don't fit the new schema"):
        migrate(migrated_url, source=changed)
    invalid = "SELECT indisvalid FROM pg_index WHERE indexrelid = 'uq_alerts_message'::regclass"
    assert execute(migrated_url, invalid) == [(False,)]
    execute(migrated_url, "DELETE FROM alerts WHERE id = %s", second[0])

    assert migrate(migrated_url, source=changed) == [file.stem]
    assert execute(migrated_url, invalid) == [(True,)]
    assert diff(migrated_url, changed.metadata) == []
    assert first[0] != second[0]


def test_other_changes_and_indexes_come_in_two_files(migrated_url, changed, go, back, execute):
    alerts = changed.metadata.tables["alerts"]
    alerts.append_column(Column("workflow_id", ForeignKey("workflows.id", ondelete="SET NULL"), index=True))

    change, indexes = go("alerts of workflows")

    assert ("add_column" in change, "create_index" in change) == (True, False)
    assert ("add_column" in indexes, "create_index" in indexes) == (False, True)
    assert execute(
        migrated_url,
        "SELECT confdeltype FROM pg_constraint WHERE conname = 'fk_alerts_workflow_id_workflows'",
    ) == [("n",)]
    back()


def test_a_new_table(migrated_url, changed, go, back, execute):
    Table(
        "rooms",
        changed.metadata,
        Column(
            "id",
            columns_of(changed, "alerts")["id"].type,
            primary_key=True,
            server_default=func.gen_random_uuid(),
        ),
        Column("name", String(80), nullable=False, unique=True, comment="Its name."),
        Column("kind", columns_of(changed, "alerts")["level"].type.copy(), nullable=False),
        Column("area_id", ForeignKey("energy_areas.id", ondelete="CASCADE"), index=True),
        CheckConstraint("char_length(name) > 1", name="name_length"),
        comment="The rooms of a building.",
    )

    (text,) = go("rooms")

    assert "postgresql_concurrently" not in text
    insert = "INSERT INTO rooms (name, kind) VALUES (%s, %s) RETURNING name"
    assert execute(migrated_url, insert, "hall", "low") == [("hall",)]
    for values in [("x", "low"), ("lobby", "no kind")]:
        with pytest.raises(psycopg.errors.CheckViolation):
            execute(migrated_url, insert, *values)
    execute(migrated_url, "DELETE FROM rooms")
    back()


def test_a_table_that_is_gone(changed, go, back, execute, migrated_url):
    changed.metadata.remove(changed.metadata.tables["dashboard_widgets"])

    (text,) = go()

    assert text.count("drop_table") == 1
    assert execute(migrated_url, "SELECT to_regclass('dashboard_widgets')") == [(None,)]
    back()


def test_a_random_default_is_no_change_but_its_loss_is(changed, go, execute, migrated_url):
    columns_of(changed, "workflows")["slug"].server_default = None

    go()

    with pytest.raises(psycopg.errors.NotNullViolation):
        execute(migrated_url, "INSERT INTO workflows (name, dsl) VALUES ('w', '{}')")


def test_a_database_from_a_dump_is_no_different(migrated_url, diff, execute):
    """A dump holds the conditions in PostgreSQL's words, which it stores in others again."""
    checks = execute(
        migrated_url,
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE contype = 'c' AND connamespace = 'public'::regnamespace",
    )
    for table, name, definition in checks:
        execute(
            migrated_url, f"ALTER TABLE {table} DROP CONSTRAINT {name}, ADD CONSTRAINT {name} {definition}"
        )

    assert len(checks) > 10
    assert diff(migrated_url) == []


@pytest.mark.parametrize(
    ("stored", "read"),
    [
        (
            "((level)::text = ANY ((ARRAY['a'::character varying, 'b''s]'::character varying])::text[]))",
            "level IN ('a', 'b''s]')",
        ),
        (
            "((level)::text = ANY (ARRAY[('a'::character varying)::text, ('b'::character varying)::text]))",
            "level IN ('a', 'b')",
        ),
        ("(kind = ANY (ARRAY['a'::text, 'b'::text]))", "kind IN ('a', 'b')"),
        ("((x >= 0) AND (x <= 1))", "((x >= 0) AND (x <= 1))"),
        (
            "((a = ANY (ARRAY['x'::text])) AND (b = ANY (ARRAY['y'::text])))",
            "((a = ANY (ARRAY['x'::text])) AND (b = ANY (ARRAY['y'::text])))",
        ),
    ],
)
def test_conditions_are_given_as_people_write_them(stored, read):
    assert readable(stored) == read


def test_a_message_must_say_something(postgres_url):
    with pytest.raises(SetupError, match="Say in a few words what changes"):
        generate(postgres_url, " !")


def test_a_role_without_the_right_is_told_what_to_do(postgres_url, no_right_to_create):
    role = conninfo_to_dict(postgres_url)["user"]

    with pytest.raises(SetupError, match=f'ALTER ROLE "{role}" CREATEDB'):
        generate(postgres_url, "anything")


def test_the_given_databases_own_state_does_not_matter(empty_url, changed, execute):
    execute(empty_url, "CREATE TABLE users (id int)")

    assert generate(empty_url, "nothing", source=changed) == []
    with pytest.raises(SetupError):
        pending(empty_url)
