"""The seed on a real database."""

from datetime import UTC, date, datetime, timedelta

import bcrypt
import psycopg
import pytest

from ecoctrl_gql.errors import SetupError
from ecoctrl_gql.progress import Silent
from ecoctrl_gql.seed import alerts, seed

NOW = datetime(2026, 3, 18, 6, 25, tzinfo=UTC)
PASSWORD = "correct horse battery"

COUNTS = {
    "platform_configs": 1,
    "objects": 65,
    "carbon_factors": 46,
    "carbon_factor_nodes": 63,
    "report_plans": 5,
    "report_templates": 4,
    "dashboard_models": 1,
    "energy_areas": 8,
    "energy_readings": 70_080,
    "dashboard_widgets": 12,
    "alerts": 84,
    "notifications": 6,
    "faults": 26,
    "fault_changes": 46,
    "fault_stats": 1,
    "maintenance_reminders": 13,
    "backup_schedules": 1,
    "users": 11,
    "user_settings": 4,
    "workflows": 7,
    "workflow_executions": 390,
}


def ask(url: str, query: str, *parameters) -> list[tuple]:
    with psycopg.connect(url, options="-c timezone=Asia/Shanghai") as connection:
        cursor = connection.execute(query, parameters or None)
        return cursor.fetchall() if cursor.description else []


def counts(url: str) -> dict[str, int]:
    return {table: ask(url, f"SELECT count(*) FROM {table}")[0][0] for table in COUNTS}  # noqa: S608  # our own


def test_the_whole_building(database_url):
    result = seed(database_url, now=NOW, password=PASSWORD)

    assert result.added == COUNTS == counts(database_url)
    assert result.logins[:5] == [
        (role, role) for role in ("super_admin", "admin", "operator", "analyst", "viewer")
    ]
    assert (result.password, result.made_password) == (PASSWORD, False)
    check_users(database_url)
    check_energy(database_url)
    check_operations(database_url)
    check_runs(database_url)
    check_carbon(database_url)
    check_second_run(database_url)


def check_users(url):
    hashes = ask(url, "SELECT DISTINCT password FROM users")
    assert len(hashes) == 1
    assert hashes[0][0].startswith("$2b$12$")
    assert bcrypt.checkpw(PASSWORD.encode(), hashes[0][0].encode())
    assert ask(url, "SELECT username FROM users WHERE status = 'disabled'") == [("xu.ming",)]
    assert ask(url, "SELECT u.username FROM workflows w JOIN users u ON u.id = w.user_id GROUP BY 1") == [
        ("admin",)
    ]


def check_energy(url):
    """The cards agree with the readings of the month, the labels with the site's clock."""
    wrong_cards = ask(
        url,
        "SELECT a.title FROM energy_areas a JOIN energy_readings r ON r.area_id = a.id"
        " WHERE r.reading_at >= '2026-03-01 00:00+08' GROUP BY a.id"
        " HAVING abs(a.current - sum(r.k_wh::float8)) > 1"
        " OR a.target NOT BETWEEN a.current AND a.current * 2",
    )
    wrong_labels = ask(url, "SELECT 1 FROM energy_readings WHERE hour <> to_char(reading_at, 'HH24:MI')")
    span = ask(url, "SELECT min(reading_at), max(reading_at) FROM energy_readings GROUP BY area_id")
    assert wrong_cards == wrong_labels == []
    assert set(span) == {(datetime(2025, 3, 18, 6, tzinfo=UTC), datetime(2026, 3, 18, 5, tzinfo=UTC))}


def check_operations(url):
    assert dict(ask(url, "SELECT status, count(*) FROM alerts GROUP BY 1")) == {
        "pending": 2,
        "acknowledged": 10,
        "resolved": 72,
    }
    assert ask(url, "SELECT max(time) <= %s, min(time) >= %s FROM alerts", NOW, NOW - timedelta(days=30)) == [
        (True, True)
    ]
    total, by_status = (
        ask(url, "SELECT total_count FROM fault_stats"),
        ask(url, "SELECT status FROM faults GROUP BY 1 ORDER BY 1"),
    )
    assert total == [(COUNTS["faults"],)]
    assert by_status == [("fixed",), ("in_maintenance",), ("open",)]
    check_who_handles_what(url)
    today = date(2026, 3, 18)
    assert ask(
        url,
        "SELECT status, min(due_date) < %s, max(due_date) < %s FROM maintenance_reminders"
        " GROUP BY 1 ORDER BY 1",
        today,
        today,
    ) == [
        ("completed", True, True),
        ("in_progress", False, False),
        ("overdue", True, True),
        ("pending", False, False),
    ]


def check_who_handles_what(url):
    """Who did what and when fits where alerts and faults stand."""
    wrong = ask(
        url,
        "SELECT id FROM alerts WHERE (status = 'pending') <> (acknowledged_at IS NULL)"
        " OR (status = 'resolved') <> (resolved_at IS NOT NULL)"
        " OR num_nonnulls(acknowledged_by, acknowledged_at) = 1 OR num_nonnulls(resolved_by, resolved_at) = 1"
        " OR acknowledged_at < time OR resolved_at < acknowledged_at OR resolved_at > %s",
        NOW,
    )
    assert wrong == []
    steps = ask(
        url,
        "SELECT f.status, array_agg(to_status ORDER BY changed_at), min(changed_at) >= min(time),"
        " max(changed_at) <= %s FROM faults f LEFT JOIN fault_changes ON fault_id = f.id"
        " WHERE f.status <> 'open' GROUP BY f.id",
        NOW,
    )
    ways = {"in_maintenance": ["in_maintenance"], "fixed": ["in_maintenance", "fixed"]}
    assert [row for row in steps if row[1:] != (ways[row[0]], True, True)] == []
    stored = ask(url, "SELECT mean_repair_hours, mean_response_minutes FROM fault_stats")
    computed = ask(
        url,
        "SELECT avg(extract(epoch FROM changed_at - time) / 3600) FILTER (WHERE to_status = 'fixed'),"
        " avg(extract(epoch FROM changed_at - time) / 60) FILTER (WHERE from_status = 'open')"
        " FROM fault_changes JOIN faults f ON f.id = fault_id",
    )
    assert [float(value) for value in computed[0]] == pytest.approx(stored[0], rel=0.001)
    assert (
        ask(
            url,
            "SELECT user_id FROM notifications WHERE user_id NOT IN (SELECT assignee_id FROM alerts"
            " WHERE assignee_id IS NOT NULL)",
        )
        == []
    )


def check_runs(url):
    """Each run's log fits its workflow and its times."""
    runs = ask(
        url,
        "SELECT e.status, e.result, e.started_at, e.completed_at, w.dsl"
        " FROM workflow_executions e JOIN workflows w ON w.id = e.workflow_id",
    )
    assert {status for status, *_ in runs} == {"completed", "failed", "cancelled"}
    for status, result, started, completed, dsl in runs:
        logs = result["nodeLogs"]
        types = {node["id"]: node["type"] for node in dsl["nodes"]}
        assert [types[log["nodeId"]] for log in logs] == [log["nodeType"] for log in logs]
        assert logs[0]["nodeType"] == "start"
        assert (logs[-1]["nodeType"] == "end") == (status == "completed")
        assert (logs[-1]["status"] == "failed") == (status == "failed")
        assert datetime.fromisoformat(logs[0]["startedAt"]) == started
        assert datetime.fromisoformat(logs[-1]["completedAt"]) == completed <= NOW
        assert "$" not in str(result)


def check_carbon(url):
    paths = ask(
        url,
        "WITH RECURSIVE tree AS ("
        " SELECT id, factor_id, name::text AS path, 1 AS depth FROM carbon_factor_nodes"
        " WHERE parent_id IS NULL"
        " UNION ALL SELECT n.id, n.factor_id, path || ' / ' || n.name, depth + 1"
        " FROM carbon_factor_nodes n JOIN tree ON n.parent_id = tree.id"
        ") SELECT path, depth, value::text FROM tree JOIN carbon_factors f ON f.id = factor_id ORDER BY path",
    )
    filed = {path: value for path, _, value in paths}
    assert len(paths) == COUNTS["carbon_factors"]
    assert {depth for _, depth, _ in paths} == {2, 3, 4}
    grid = "Electricity (电力) / Provincial grids, 2023 (省级电网)"
    assert filed[f"{grid} / North China (华北) / Beijing (北京)"] == "0.5554"
    assert filed[f"{grid} / Southwest China (西南) / Yunnan (云南)"] == "0.1333"
    assert filed["Fuels (燃料) / Gases / Natural gas (天然气)"] == "2.1622"
    assert ask(url, "SELECT count(*) FROM carbon_factors WHERE unit = 'kWh'") == [(30,)]
    assert ask(url, "SELECT count(*) FROM carbon_factors WHERE source IS NULL OR source = ''") == [(0,)]


def check_second_run(url):
    """It changes nothing, not even what somebody has changed or what the time makes different."""
    for change in (
        "UPDATE energy_areas SET target = 1",
        "UPDATE alerts SET status = 'resolved'",
        "UPDATE users SET password = 'theirs'",
        "UPDATE platform_configs SET timezone = 'Europe/Berlin'",
        "DELETE FROM workflow_executions",
        "DELETE FROM energy_readings WHERE reading_at < '2026-01-01'",
    ):
        ask(url, change)
    before = counts(url)

    again = seed(url, now=NOW + timedelta(days=1))

    assert (again.added, again.logins, again.password) == ({}, [], None)
    assert str(again) == "The sample data is there already; nothing was changed."
    assert counts(url) == before
    assert ask(url, "SELECT DISTINCT target FROM energy_areas") == [(1,)]
    assert ask(url, "SELECT DISTINCT password FROM users") == [("theirs",)]


def test_what_others_have_made_stays_theirs(database_url):
    """A user, an area and a workflow with names of the sample: no sample data hangs on them."""
    ask(
        database_url,
        "INSERT INTO users (username, email, role) VALUES ('Admin', 'a@example.com', 'super_admin')",
    )
    ask(
        database_url,
        "INSERT INTO energy_areas (title, current, target, color, power_factor, load_rate)"
        " VALUES ('Canteen', 1, 2, 'red', 0.5, '3%')",
    )
    ask(database_url, "INSERT INTO workflows (name, slug, dsl) VALUES ('Mine', 'holiday-mode', '{}')")

    result = seed(database_url, now=NOW)

    assert result.made_password
    assert len(result.password) >= 20
    assert ("admin", "admin") not in result.logins
    assert result.added["users"] == 10
    assert result.added["energy_readings"] == 7 * 8760
    assert result.added["workflow_executions"] == 390 - 24
    assert ask(database_url, "SELECT current FROM energy_areas WHERE title = 'Canteen'") == [(1,)]
    assert ask(database_url, "SELECT role, password FROM users WHERE username ILIKE 'admin'") == [
        ("super_admin", None)
    ]


class Interrupted(Silent):
    """Progress whose watcher loses patience."""

    def step(self, description: str, total: int | None = None) -> None:
        if description.startswith("Users"):
            raise KeyboardInterrupt


def test_an_interrupted_run_leaves_nothing(database_url):
    with pytest.raises(KeyboardInterrupt):
        seed(database_url, now=NOW, progress=Interrupted())

    assert set(counts(database_url).values()) == {0}


def test_a_password_that_nobody_could_register_with_is_refused(database_url):
    with pytest.raises(SetupError, match="SEED_PASSWORD"):
        seed(database_url, now=NOW, password="short")


def test_the_alerts_on_the_card_are_the_newest():
    times = [row["time"] for row in alerts.alert_rows(NOW, {})]

    assert times == sorted(times, reverse=True)
