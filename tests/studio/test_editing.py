"""Rows made, changed and deleted by way of the forms."""

from typing import Any

import pytest

from tests.studio.browsing import Browser
from tests.studio.samples import ALERT, VIEWER, WORKFLOW, Rows, key_name


async def test_alert_is_changed(ada: Browser, rows: Rows) -> None:
    path = f"/studio/alerts/edit?pk={ALERT}"
    answer = await ada.submit(path, {"status": "acknowledged", "message": "Seen — 已确认\nsoon"})
    assert "was changed successfully" in answer.text
    row = await rows.one("SELECT *, time AT TIME ZONE 'UTC' AS utc FROM alerts")
    assert (row["status"], row["message"], row["level"]) == ("acknowledged", "Seen — 已确认\nsoon", "high")
    assert row["utc"].isoformat() == "2026-01-02T03:04:05.678901"  # the form shows seconds only


async def test_times_are_read_and_shown_in_the_browsers_zone(ada: Browser, rows: Rows) -> None:
    ada.cookies.set("timezone", "Asia/Shanghai", domain="studio.test")
    assert "2026-01-02 11:04:05+08:00" in (await ada.get("/studio/alerts/list")).text
    await ada.submit(f"/studio/alerts/edit?pk={ALERT}", {"time": "2026-06-01 08:00:00"})
    row = await rows.one("SELECT time AT TIME ZONE 'UTC' AS utc FROM alerts")
    assert row["utc"].isoformat() == "2026-06-01T00:00:00"


NEW_ROWS: list[tuple[str, dict[str, str], dict[str, Any]]] = [
    (
        "alerts",
        {"device": "Pump", "level": "low", "message": "Dry"},
        {"device": "Pump", "level": "low", "status": "pending"},
    ),
    (
        "objects",
        {"code": "P-2", "name": "水泵", "type": "pump", "metadata_": '{"a": [1, null, "é"]}'},
        {"code": "P-2", "metadata": {"a": [1, None, "é"]}},
    ),
    ("objects", {"code": "P-3", "name": "x", "type": "y", "metadata_": ""}, {"code": "P-3", "metadata": {}}),
    (
        "workflows",
        {"name": "Day", "dsl": '{"version": "1.0"}', "user_id": VIEWER},
        {"name": "Day", "dsl": {"version": "1.0"}, "enabled": True},
    ),
    (
        "workflow_executions",
        {"workflow_id": WORKFLOW, "status": "failed", "result": ""},
        {"status": "failed", "result": None},
    ),
    (
        "maintenance_reminders",
        {"task": "Oil", "due_date": "2026-05-01"},
        {"task": "Oil", "estimated_hours": 0},
    ),
    (
        "energy_areas",
        {"title": "P", "current": "1", "target": "2", "color": "c", "power_factor": "0.9", "load_rate": "1%"},
        {"title": "P", "power_factor": pytest.approx(0.9)},
    ),
    (
        "user_settings",
        {"user_id": "00000000-0000-4000-8000-000000000001", "settings": '{"x": 1}'},
        {"settings": {"x": 1}},
    ),
    (
        "users",
        {"username": "new", "email": "new@example.com", "role": "operator"},
        {"username": "new", "role": "operator", "password": None},
    ),
]


async def test_rows_are_made_and_deleted(ada: Browser, rows: Rows) -> None:
    for table, values, stored in NEW_ROWS:
        key = key_name(table)
        known = {row[key] for row in await rows.all(table)}
        answer = await ada.submit(f"/studio/{table}/create", values)
        assert "was added successfully" in answer.text
        (row,) = [row for row in await rows.all(table) if row[key] not in known]
        assert {name: row[name] for name in stored} == stored
        deleted = await ada.action(f"/studio/_api/{table}/row-action", "delete", pk=str(row[key]))
        assert deleted.json() == {"redirect": f"http://studio.test/studio/{table}/list"}
        assert {row[key] for row in await rows.all(table)} == known


async def test_empty_json_is_null_in_sql(ada: Browser, rows: Rows) -> None:
    key = await rows.key("workflow_executions")
    await ada.submit(f"/studio/workflow_executions/edit?pk={key}", {"result": ""})
    assert await rows.one("SELECT result IS NULL AS empty FROM workflow_executions") == {"empty": True}


async def test_several_rows_are_deleted_together(ada: Browser, rows: Rows) -> None:
    for number in range(3):
        await rows.insert("faults", {"device": f"Fan {number}", "level": "notice"})
    answer = await ada.action(
        "/studio/_api/faults/action", "delete", all="1", _list_query="?filter=level__eq=notice"
    )
    assert answer.status_code == 200
    assert [row["device"] for row in await rows.fetch("SELECT device FROM faults")] == ["Chiller"]


MISTAKES: list[tuple[str, dict[str, str], str]] = [
    ("objects", {"code": "P-1", "name": "x", "type": "y"}, "Another row has the same code already."),
    (
        "users",
        {"username": "ADA", "email": "x@example.com"},
        "Another row has the same username already.",
    ),
    ("fault_stats", {"trend": "1%"}, "This table holds a single row"),
    ("workflow_executions", {"workflow_id": VIEWER}, "No row has this key"),
    ("alerts", {"device": "x", "message": "y"}, "This field is required."),
    ("alerts", {"device": "x", "level": "worst", "message": "y"}, "This is not one of the choices."),
    ("alerts", {"device": "x\0", "level": "low", "message": "y"}, "A text holds a NUL character"),
    ("objects", {"code": "a", "name": "x", "type": "y", "metadata_": "{"}, "This is not valid JSON."),
    ("objects", {"code": "a", "name": "x", "type": "y", "metadata_": "[NaN]"}, "This is not valid JSON."),
    ("objects", {"code": "a" * 300, "name": "x", "type": "y"}, "A value is out of the range"),
    ("energy_readings", {"hour": "1", "k_wh": "much"}, "This is not a number."),
    ("energy_readings", {"hour": "1", "k_wh": "1", "reading_at": "soon"}, "This is not a time"),
    ("dashboard_widgets", {"metric_key": "a", "layout_x": "1.5"}, "This is not a whole number."),
    ("maintenance_reminders", {"task": "x", "due_date": "tomorrow"}, "This is not a date"),
    ("workflow_executions", {"workflow_id": "nonsense"}, "valid UUID"),
]


async def test_mistakes_bring_the_form_back_with_a_sentence(ada: Browser, rows: Rows) -> None:
    for table, values, sentence in MISTAKES:
        before = await rows.all(table)
        answer = await ada.submit(f"/studio/{table}/create", values)
        assert answer.status_code == 422
        assert sentence in answer.text
        for word in ("INSERT", "psycopg", "sqlalchemy", "Traceback"):
            assert word not in answer.text
        assert await rows.all(table) == before


async def test_what_was_typed_stays_in_a_refused_form(ada: Browser) -> None:
    typed = {"code": "P-1", "name": "Näme", "type": "y", "metadata_": '{"kept":  true}'}
    answer = await ada.submit("/studio/objects/create", typed)
    assert "{&#34;kept&#34;:  true}" in answer.text
    assert 'value="Näme"' in answer.text


async def test_check_of_the_database_is_told_in_words(ada: Browser, rows: Rows) -> None:
    key = await rows.key("dashboard_models")
    answer = await ada.submit(f"/studio/dashboard_models/edit?pk={key}", {"ambient_light_intensity": "7"})
    assert answer.status_code == 422
    assert "is not allowed" in answer.text
    assert (await rows.one("SELECT ambient_light_intensity AS x FROM dashboard_models"))["x"] < 1


async def test_emptied_column_takes_its_default(sue: Browser, rows: Rows) -> None:
    key = await rows.key("platform_configs")
    await rows.fetch("UPDATE platform_configs SET refresh_interval = 5, timezone = 'UTC'")
    values = {"refresh_interval": "", "timezone": ""}
    await sue.submit(f"/studio/platform_configs/edit?pk={key}", values)
    row = await rows.one("SELECT refresh_interval, timezone FROM platform_configs")
    assert row == {"refresh_interval": 30, "timezone": "Asia/Shanghai"}
