"""What the tables promise to other programs: plain INSERTs work, and nothing is left behind or doubled."""

from collections.abc import Iterator
from secrets import token_hex

import psycopg
import pytest
from psycopg import Connection, sql
from psycopg.conninfo import make_conninfo
from sqlalchemy import Table, Uuid

from ecoctrl_gql.db.migrations import ensure_database, migrate
from ecoctrl_gql.db.tables import UserRow

ALL_TABLES = list(UserRow.metadata.tables.values())
TABLES = [table for table in ALL_TABLES if "internal" not in table.info]
"""What other programs may write to as well."""

KEYS = """
SELECT conrelid::regclass::text, conname, conkey FROM pg_constraint
WHERE contype = 'f' AND connamespace = 'public'::regnamespace
"""
INDEXES = """
SELECT indrelid::regclass::text, string_to_array(indkey::text, ' ')::int2[] FROM pg_index
JOIN pg_class ON pg_class.oid = indrelid
JOIN pg_attribute ON attrelid = indrelid AND attnum = indkey[0]
WHERE relnamespace = 'public'::regnamespace AND indisvalid
  AND (indpred IS NULL OR pg_get_expr(indpred, indrelid) = format('(%s IS NOT NULL)', attname))
"""
"""By table the columns of each index that has all rows, or all that have a value in its first column."""

INSERTS = {
    "audit_entries": "(action) VALUES ('user.created')",
    "alerts": "(device, level, message) VALUES ('chiller 1', 'high', 'Hot.')",
    "backup_schedules": "(next_backup) VALUES ('2026-01-01T02:00:00Z')",
    "carbon_factor_nodes": "(name) VALUES ('Energy')",
    "carbon_factors": "(name, value, unit, category) VALUES ('Grid', 0.5703, 'kWh', 'electricity')",
    "dashboard_models": "DEFAULT VALUES",
    "dashboard_widgets": "(metric_key, layout_x, layout_y, layout_w, layout_h, data_type)"
    " VALUES ('load', 1, 1, 4, 2, 'stat')",
    "energy_areas": "(title, current, target, color, power_factor, load_rate)"
    " VALUES ('Tower A', 1, 2, 'red', 0.9, '72%')",
    "energy_readings": "(hour, k_wh) VALUES ('09:00', 12.5)",
    "event_trims": "(event_id, transaction_id) VALUES (1, 1)",
    "events": "(subject, change, data) VALUES ('alerts', 'created', '{}')",
    "fault_stats": "DEFAULT VALUES",
    "faults": "(device, level) VALUES ('pump 2', 'severe')",
    "files": "(name) VALUES ('plan.pdf')",
    "iot_tokens": "(access_token, refresh_token, expires_at) VALUES ('a', 'b', 1767225600000)",
    "maintenance_reminders": "(task, due_date) VALUES ('Change filters', '2026-01-01')",
    "models": "(name, format, size) VALUES ('Tower', 'GLB', '1.2 MB')",
    "objects": "(code, name, type) VALUES ('CH-1', 'Chiller 1', 'chiller')",
    "platform_configs": "DEFAULT VALUES",
    "report_plans": "(name, receiver, frequency) VALUES ('Monthly', 'a@example.com', 'monthly')",
    "report_templates": "(name, count, icon) VALUES ('Energy', '1', 'bolt')",
    "users": "(username, email) VALUES ('ann', 'ann@example.com')",
    "messages": "(type, event_id) VALUES ('update:widgets', '1')",
    "workflows": """(name, dsl) VALUES ('Nightly', '{"version": "1.0"}')""",
}
"""A row of each table that can be written without another, as a program that knows only the columns would."""

OF_A_USER = {
    "api_keys": "(user_id, name, key_hash, prefix, role) VALUES (%s, 'Gateway', 'hash', 'eck_', 'viewer')",
    "notifications": "(user_id, title) VALUES (%s, 'Alert')",
    "oauth_accounts": "(user_id, provider, provider_user_id) VALUES (%s, 'wechat', 'w1')",
    "refresh_tokens": "(user_id, token_hash, expires_at) VALUES (%s, 'hash', now())",
    "user_settings": "(user_id) VALUES (%s)",
    "workflows": "(user_id, name, dsl) VALUES (%s, 'Nightly', '{}')",
}
SINGLE = [
    "backup_schedules",
    "dashboard_models",
    "event_trims",
    "fault_stats",
    "iot_tokens",
    "platform_configs",
]


@pytest.fixture(scope="session")
def schema_url(postgres_url: str) -> Iterator[str]:
    name = f"test_{token_hex(6)}"
    url = make_conninfo(postgres_url, dbname=name)
    ensure_database(url)
    migrate(url)
    yield url
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(name)))


@pytest.fixture
def db(schema_url: str) -> Iterator[Connection]:
    """A connection whose transaction is rolled back."""
    with psycopg.connect(schema_url) as connection:
        yield connection
        connection.rollback()


def insert(db: Connection, table: str, *parameters: object) -> dict[str, object]:
    """Insert the row that `INSERTS` has for a table, or one of a user's; give it as it is stored."""
    values = OF_A_USER[table] if parameters else INSERTS[table]
    cursor = db.execute(f"INSERT INTO {table} {values} RETURNING *", parameters or None)
    row = cursor.fetchone()
    return dict(zip([column.name for column in cursor.description], row, strict=True))


def count(db: Connection, table: str) -> int:
    statement = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))
    return db.execute(statement).fetchone()[0]


def test_every_foreign_key_has_an_index(db):
    indexes = db.execute(INDEXES).fetchall()
    keys = db.execute(KEYS).fetchall()

    unindexed = [
        name
        for table, name, columns in keys
        if not any(table == owner and index[: len(columns)] == columns for owner, index in indexes)
    ]

    assert len(keys) > 5
    assert unindexed == []


@pytest.mark.parametrize("table", TABLES, ids=str)
def test_every_key_is_made_by_the_database_or_is_another_tables(table: Table):
    (key,) = table.primary_key.columns
    if isinstance(key.type, Uuid):
        assert key.server_default is not None or key.foreign_keys
    else:
        assert table.autoincrement_column is key


@pytest.mark.parametrize("table", ALL_TABLES, ids=str)
def test_tables_and_columns_say_what_they_are_for(table: Table):
    assert table.comment
    assert [column.name for column in table.columns if not column.comment] == []


def test_every_table_is_tried_below():
    assert {*INSERTS, *OF_A_USER, "fault_changes", "workflow_executions", "workflow_versions"} == {
        table.name for table in TABLES
    }


@pytest.mark.parametrize("table", sorted(INSERTS))
def test_a_plain_insert_of_the_least_columns_works(db, table):
    row = insert(db, table)

    assert row["id"] is not None
    assert count(db, table) == 1


def test_the_defaults_are_the_obvious_ones(db):
    now = db.execute("SELECT now()").fetchone()[0]
    alert, fault, task = (insert(db, table) for table in ("alerts", "faults", "maintenance_reminders"))

    assert (alert["status"], alert["time"]) == ("pending", now)
    assert (fault["status"], fault["time"], fault["created_at"]) == ("open", now, now)
    assert (task["status"], task["priority"]) == ("pending", "medium")
    assert insert(db, "energy_readings")["reading_at"] == now
    user, workflow = insert(db, "users"), insert(db, "workflows")
    assert (user["role"], user["status"], user["preferences"]) == ("viewer", "offline", {})
    assert (workflow["enabled"], workflow["version"], workflow["updated_at"]) == (True, 1, now)


@pytest.mark.parametrize("table", SINGLE)
def test_a_single_row_stays_single(db, table):
    insert(db, table)

    with pytest.raises(psycopg.errors.UniqueViolation) as refused:
        insert(db, table)

    assert refused.value.diag.constraint_name == f"uq_{table}_single_row"


@pytest.mark.parametrize(
    ("insert", "first", "second", "constraint"),
    [
        ("users (email, username) VALUES ('{}@x', '{}')", "a Ann", "b aNN", "uq_users_username_lower"),
        ("users (username, email) VALUES ('{}', '{}')", "a A@x", "b a@X", "uq_users_email_lower"),
        ("objects (name, code, type) VALUES ('{}', '{}', 't')", "a C", "b C", "uq_objects_code"),
        ("workflows (name, slug, dsl) VALUES ('{}', '{}', '1')", "a s", "b s", "uq_workflows_slug"),
    ],
)
def test_what_is_unique_is_refused_twice(db, insert, first, second, constraint):
    statement = "INSERT INTO " + insert
    db.execute(statement.format(*first.split()))

    with pytest.raises(psycopg.errors.UniqueViolation) as refused:
        db.execute(statement.format(*second.split()))

    assert refused.value.diag.constraint_name == constraint


@pytest.mark.parametrize("table", ["oauth_accounts", "refresh_tokens"])
def test_an_account_and_a_token_are_known_once(db, table):
    user = insert(db, "users")
    insert(db, table, user["id"])

    with pytest.raises(psycopg.errors.UniqueViolation):
        insert(db, table, user["id"])


def test_a_user_leaves_nothing_behind_but_the_workflows(db):
    user = insert(db, "users")
    for table in OF_A_USER:
        insert(db, table, user["id"])

    db.execute("DELETE FROM users")

    assert {table: count(db, table) for table in OF_A_USER} == {
        "api_keys": 0,
        "notifications": 0,
        "oauth_accounts": 0,
        "refresh_tokens": 0,
        "user_settings": 0,
        "workflows": 1,
    }
    assert db.execute("SELECT user_id FROM workflows").fetchone() == (None,)


def test_a_workflow_takes_its_runs_with_it(db):
    workflow = insert(db, "workflows")
    status = db.execute(
        "INSERT INTO workflow_executions (workflow_id) VALUES (%s) RETURNING status", [workflow["id"]]
    )
    assert status.fetchone() == ("pending",)

    db.execute("DELETE FROM workflows")

    assert count(db, "workflow_executions") == 0


def test_a_factor_leaves_its_place_and_a_node_takes_its_branch(db):
    factor, root = insert(db, "carbon_factors"), insert(db, "carbon_factor_nodes")
    db.execute(
        "INSERT INTO carbon_factor_nodes (name, parent_id, factor_id) VALUES ('leaf', %s, %s)",
        [root["id"], factor["id"]],
    )

    db.execute("DELETE FROM carbon_factors")
    leaf = db.execute("SELECT parent_id, factor_id FROM carbon_factor_nodes WHERE name = 'leaf'")
    assert leaf.fetchone() == (root["id"], None)

    db.execute("DELETE FROM carbon_factor_nodes WHERE id = %s", [root["id"]])
    assert count(db, "carbon_factor_nodes") == 0


@pytest.mark.parametrize(("table", "column"), [("alerts", "level"), ("faults", "status"), ("users", "role")])
def test_values_outside_of_their_set_are_refused(db, table, column):
    insert(db, table)
    update = sql.SQL("UPDATE {} SET {} = 'no such value'")

    with pytest.raises(psycopg.errors.CheckViolation):
        db.execute(update.format(sql.Identifier(table), sql.Identifier(column)))
