"""How PostgreSQL carries out the pages of long lists: along an index, however far in they begin."""

from typing import Any

import pytest

from ecoctrl_gql.db import statements
from ecoctrl_gql.db.conditions import EVERYTHING, All, Compare, Operator, parameters
from ecoctrl_gql.db.keyset import Order, Position, Window
from ecoctrl_gql.db.records import key_name
from ecoctrl_gql.db.tables import (
    AlertRow,
    EnergyReadingRow,
    FaultChangeRow,
    FaultRow,
    NotificationRow,
    WorkflowExecutionRow,
    WorkflowRow,
)
from tests.api.workbench import open_database

INDEX_SCANS = ("Index Scan", "Index Only Scan")
UUID_TEXT = "0b0f36ba-5d3a-4b6e-9f0a-7b1d7c3c9f52"
NOON = "2026-06-01T12:00:00Z"
ROWS = f"""
    INSERT INTO alerts (device, level, message, time)
      SELECT 'Pump ' || i % 50, 'low', 'x', timestamptz '{NOON}' - i * interval '1 min'
      FROM generate_series(1, 20000) AS i;
    INSERT INTO faults (device, level, time)
      SELECT 'Pump ' || i % 50, 'notice', timestamptz '{NOON}' - i * interval '1 min'
      FROM generate_series(1, 20000) AS i;
    INSERT INTO energy_areas (id, title, current, target, color, power_factor, load_rate)
      SELECT i, 'Area ' || i, 1, 1, 'x', 1, 'x' FROM generate_series(1001, 1010) AS i;
    INSERT INTO energy_readings (hour, k_wh, reading_at, area_id)
      SELECT 'x', 1, timestamptz '{NOON}' - i * interval '1 hour', 1001 + i % 10
      FROM generate_series(1, 20000) AS i;
    INSERT INTO workflows (name, dsl) SELECT 'Workflow ' || i, '{{}}' FROM generate_series(1, 2000) AS i;
    INSERT INTO workflow_executions (workflow_id, started_at)
      SELECT id, timestamptz '{NOON}' - i * interval '1 min' FROM workflows, generate_series(1, 10) AS i;
    INSERT INTO users (username, email)
      SELECT 'user ' || i, i || '@example.com' FROM generate_series(1, 50) AS i;
    UPDATE alerts SET assignee_id = (SELECT min(id::text)::uuid FROM users) WHERE device = 'Pump 7';
    UPDATE faults SET assignee_id = (SELECT min(id::text)::uuid FROM users) WHERE device = 'Pump 7';
    INSERT INTO notifications (user_id, title, created_at, read)
      SELECT users.id, 'x', timestamptz '{NOON}' - i * interval '1 min', i % 5 > 0
      FROM users, generate_series(1, 400) AS i;
    INSERT INTO fault_changes (fault_id, from_status, to_status, changed_at)
      SELECT id, 'open', 'in_maintenance', time FROM faults;
    ANALYZE
"""  # noqa: S608  # from constants of this module


@pytest.fixture(scope="module")
async def long_lists(postgres_url, admin, migrated_template):
    async with open_database(postgres_url, admin, migrated_template) as database:
        async with database.connection() as connection:
            await connection.execute(ROWS)
        yield database


async def plan(database: Any, statement: Any, values: dict[str, Any]) -> list[str]:
    """What the nodes of a statement's plan are called."""
    async with database.connection() as connection:
        cursor = await connection.execute(f"EXPLAIN (FORMAT JSON) {statement.text}", values)
        ((found,),) = await cursor.fetchall()
    return list(node_types(found[0]["Plan"]))


def node_types(node: dict[str, Any]):
    yield node["Node Type"]
    for part in node.get("Plans", ()):
        yield from node_types(part)


DEFAULT_ORDERS = [
    (AlertRow, Order("time", descending=True)),
    (FaultRow, Order("time", descending=True)),
    (EnergyReadingRow, Order("reading_at", descending=True)),
    (WorkflowExecutionRow, Order("started_at", descending=True)),
]


@pytest.mark.parametrize("descending", [True, False])
@pytest.mark.parametrize("backward", [False, True])
@pytest.mark.parametrize("place", [None, "after", "before"])
@pytest.mark.parametrize(("row_type", "order"), DEFAULT_ORDERS)
async def test_a_page_is_read_along_an_index(row_type, order, place, backward, descending, long_lists):
    key = 10_000 if row_type is EnergyReadingRow else UUID_TEXT
    position = {place: Position("2026-05-25T00:00:00Z", key)} if place else {}
    window = Window(Order(order.name, descending), 51, backward=backward, **position)
    statement = statements.select_window(row_type, (key_name(row_type),), EVERYTHING.shape, window.shape)

    nodes = await plan(long_lists, statement, window.parameters())

    assert set(nodes) <= {"Limit", "Index Scan", "Index Only Scan"}


async def test_the_pages_of_parents_are_read_along_an_index_each(long_lists):
    window = Window(Order("reading_at", descending=True), 51)
    statement = statements.select_windows_by(
        EnergyReadingRow, ("k_wh",), "area_id", EVERYTHING.shape, window.shape
    )

    nodes = await plan(long_lists, statement, {"keys": [1001, 1002, 1003]} | window.parameters())

    # the index gives areas and times; rows of one time, of which there is one, are sorted by their key
    assert set(nodes) <= {"Nested Loop", "Function Scan", "Limit", "Incremental Sort", "Index Scan"}


async def test_the_latest_of_one_status_are_read_along_an_index(long_lists):
    condition = Compare("status", Operator.EQ, "resolved")  # rare: none at all
    window = Window(Order("time", descending=True), 51)
    statement = statements.select_window(AlertRow, ("id",), condition.shape, window.shape)

    nodes = await plan(long_lists, statement, {"p0": "resolved"} | window.parameters())

    assert "Seq Scan" not in nodes


OF_ONE_USER = Compare("user_id", Operator.EQ, UUID_TEXT)
NEWEST = Order("created_at", descending=True)


@pytest.mark.parametrize("place", [None, "after"])
@pytest.mark.parametrize("unread", [False, True])
async def test_the_notifications_of_a_user_are_read_along_an_index(unread, place, long_lists):
    condition = All((OF_ONE_USER, Compare("read", Operator.EQ, False))) if unread else All((OF_ONE_USER,))
    position = {place: Position("2026-05-25T00:00:00Z", UUID_TEXT)} if place else {}
    window = Window(NEWEST, 51, **position)
    statement = statements.select_window(NotificationRow, ("id",), condition.shape, window.shape)

    nodes = await plan(long_lists, statement, parameters(condition) | window.parameters())

    assert set(nodes) <= {"Limit", "Index Scan", "Index Only Scan"}


async def test_the_unread_notifications_of_a_user_are_counted_in_an_index(long_lists):
    condition = All((OF_ONE_USER, Compare("read", Operator.EQ, False)))
    statement = statements.count_rows(NotificationRow, condition.shape)

    nodes = await plan(long_lists, statement, parameters(condition))

    assert "Seq Scan" not in nodes


@pytest.mark.parametrize("row_type", [AlertRow, FaultRow])
@pytest.mark.parametrize(("name", "value"), [("device", "Pump 3"), ("assignee_id", UUID_TEXT)])
async def test_what_a_device_or_a_user_has_is_read_along_an_index(name, value, row_type, long_lists):
    condition = Compare(name, Operator.EQ, value)
    window = Window(Order("time", descending=True), 51, after=Position("2026-05-25T00:00:00Z", UUID_TEXT))
    statement = statements.select_window(row_type, ("id",), condition.shape, window.shape)

    nodes = await plan(long_lists, statement, parameters(condition) | window.parameters())

    assert set(nodes) <= {"Limit", "Index Scan", "Index Only Scan"}


async def test_the_steps_of_faults_are_read_along_an_index_each(long_lists):
    window = Window(Order("changed_at"), 51)
    statement = statements.select_windows_by(
        FaultChangeRow, ("id",), "fault_id", EVERYTHING.shape, window.shape
    )

    nodes = await plan(long_lists, statement, {"keys": [UUID_TEXT]} | window.parameters())

    assert set(nodes) <= {"Nested Loop", "Function Scan", "Limit", "Incremental Sort", *INDEX_SCANS}


async def test_rows_are_looked_up_by_key_in_an_index(long_lists):
    statement = statements.select_by(WorkflowRow, ("id", "name"), "id", ())

    nodes = await plan(long_lists, statement, {"keys": [UUID_TEXT]})

    assert "Seq Scan" not in nodes
