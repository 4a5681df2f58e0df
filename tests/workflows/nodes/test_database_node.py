"""What workflows read and change in tables, and that nothing of theirs becomes SQL."""

from dataclasses import replace
from datetime import UTC, datetime

import psycopg
import pytest

from ecoctrl_gql.db import workflow_tables
from ecoctrl_gql.db.statements import Statement
from ecoctrl_gql.db.workflow_tables import TABLES
from ecoctrl_gql.workflows.nodes import ACTIONS
from tests.workflows.nodes.conftest import Nodes

EVIL = [
    "id; DROP TABLE alerts; --",
    'id" FROM users; --',
    "password",
    "(SELECT password FROM users LIMIT 1)",
    "alerts.id",
    "*, (select 1)",
    "",
    "id\x00",
    "ctid",
    "xmin",
    "__class__",
    "metadata",
]


async def tables_of(nodes: Nodes) -> list[str]:
    async with nodes.db.connection() as connection:
        cursor = await connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        return sorted(row[0] for row in await cursor.fetchall())


async def test_rows_are_read_by_columns_in_either_spelling(nodes, make):
    area = await make.energy_area()
    reading = await make.energy_reading(area_id=area.id, k_wh=0.1, hour="09:00")
    later = datetime(2026, 11, 28, 10, tzinfo=UTC)
    await make.energy_reading(area_id=area.id, k_wh=7.5, hour="10:00", reading_at=later)

    by_camel = await nodes.run(
        "database",
        table="energy_readings",
        where={"kWh": 0.1, "areaId": str(area.id)},
        returning=["kWh", "hour"],
    )
    by_snake = await nodes.run(
        "database", table="energy_readings", where={"k_wh": "0.1"}, returning="id, k_wh"
    )

    assert by_camel == {"rows": [{"kWh": pytest.approx(0.1), "hour": "09:00"}], "count": 1}
    assert by_snake == {"rows": [{"id": reading.id, "k_wh": pytest.approx(0.1)}], "count": 1}


async def test_null_is_null_and_a_list_is_any_of_it(nodes, make):
    site = await make.energy_reading(area_id=None, k_wh=1)
    area = await make.energy_area()
    tower = await make.energy_reading(area_id=area.id, k_wh=2)

    nowhere = await nodes.run("database", table="energy_readings", where={"areaId": None}, returning=["id"])
    several = await nodes.run(
        "database", table="energy_readings", where={"k_wh": [1, "2", 3.5]}, returning=["id"]
    )
    none = await nodes.run("database", table="energy_readings", where={"id": []}, returning=["id"])

    assert nowhere["rows"] == [{"id": site.id}]
    assert sorted(row["id"] for row in several["rows"]) == sorted([site.id, tower.id])
    assert none == {"rows": [], "count": 0}


async def test_rows_are_written_and_told(nodes):
    inserted = await nodes.run(
        "database",
        operation="insert",
        table="alert_logs",
        data={"device": "Pump 1", "level": "high", "message": "Hot"},
        returning=["id", "device", "status", "acknowledgedAt"],
    )
    (row,) = inserted["inserted"]
    updated = await nodes.run(
        "database",
        operation="update",
        table="alerts",
        where={"id": row["id"]},
        data={"note": "seen", "acknowledgedAt": "2026-11-28T07:00:00Z"},
        returning=["note", "acknowledgedAt"],
    )
    deleted = await nodes.run("database", operation="delete", table="alerts", where={"id": row["id"]})

    assert inserted["count"] == updated["count"] == deleted["count"] == 1
    assert (row["device"], row["status"], row["acknowledgedAt"]) == ("Pump 1", "pending", None)
    assert updated["updated"] == [{"note": "seen", "acknowledgedAt": "2026-11-28T07:00:00+00:00"}]
    assert deleted["deleted"][0]["device"] == "Pump 1"
    assert await nodes.db.repositories().alerts.count() == 0


@pytest.mark.parametrize("operation", ["update", "delete"])
@pytest.mark.parametrize("where", [None, {}])
async def test_no_change_without_where(operation, where, nodes, make):
    await make.alert()
    config = {"where": where} if where is not None else {}

    failure = await nodes.failure(
        "database", operation=operation, table="alerts", data={"note": "x"}, **config
    )

    assert str(failure) == f"The operation {operation} without where would change every row; say which."
    assert await nodes.db.repositories().alerts.count() == 1


@pytest.mark.parametrize("name", EVIL)
async def test_names_of_columns_never_become_sql(name, nodes, make):
    alert = await make.alert()
    before = await tables_of(nodes)

    failures = [
        await nodes.failure("database", table="alerts", returning=[name]),
        await nodes.failure("database", table="alerts", where={name: 1}),
        await nodes.failure("database", operation="insert", table="alerts", data={name: 1}),
        await nodes.failure(
            "database", operation="update", table="alerts", where={"id": alert.id}, data={name: 1}
        ),
        await nodes.failure("database", operation="delete", table="alerts", where={name: 1}),
    ]

    assert {str(failure) for failure in failures} == {f"The table alerts has no column {name} for workflows."}
    assert await tables_of(nodes) == before


@pytest.mark.parametrize(
    "table", ["users", "alerts; DROP TABLE alerts", "public.alerts", "pg_shadow", "ALERTS", "", "alerts "]
)
@pytest.mark.parametrize("operation", ["select", "insert", "update", "delete"])
async def test_other_tables_are_not_there(operation, table, nodes):
    failure = await nodes.failure(
        "database", operation=operation, table=table, where={"id": 1}, data={"id": 1}
    )

    assert str(failure) == f"A workflow has no access to a table {table}."


@pytest.mark.parametrize(
    "value", ["' OR '1'='1", "x'; DROP TABLE alerts; --", "%s", "%(device)s", ":device", "\\", "{{x}}", "$1"]
)
async def test_values_are_values(value, nodes, make):
    await make.alert(device="other")

    assert (await nodes.run("database", table="alerts", where={"device": value}))["count"] == 0
    await nodes.run(
        "database",
        operation="insert",
        table="alerts",
        data={"device": value, "level": "low", "message": value},
    )

    found = await nodes.run("database", table="alerts", where={"device": value}, returning=["message"])
    assert found == {"rows": [{"message": value}], "count": 1}


@pytest.mark.parametrize(
    ("table", "data"),
    [
        ("alerts", {"device": "x", "level": "urgent", "message": "m"}),
        ("alerts", {"device": "x", "level": "low"}),
        ("alerts", {"device": None, "level": "low", "message": "m"}),
        ("alerts", {"device": "x" * 256, "level": "low", "message": "m"}),
        ("alerts", {"device": "a\x00b", "level": "low", "message": "m"}),
        ("alerts", {"device": "\ud800", "level": "low", "message": "m"}),
        ("alerts", {"device": ["x"], "level": "low", "message": "m"}),
        ("alerts", {"device": "x", "level": "low", "message": "m", "time": "yesterday"}),
        ("alerts", {"device": "x", "level": "low", "message": "m", "time": "2026-11-28 07:00:00"}),
        ("alerts", {"device": "x", "level": "low", "message": "m", "id": "1"}),
        (
            "alerts",
            {
                "device": "x",
                "level": "low",
                "message": "m",
                "assigneeId": "00000000-0000-4000-8000-00000000000f",
            },
        ),
        ("energy_readings", {"hour": "09:00", "k_wh": "much"}),
        ("energy_readings", {"hour": "09:00", "k_wh": "nan"}),
        ("energy_readings", {"hour": "09:00", "k_wh": "Infinity"}),
        ("energy_readings", {"hour": "09:00", "k_wh": True}),
        ("energy_readings", {"hour": "09:00", "k_wh": 1e300}),
        ("energy_readings", {"hour": "09:00", "k_wh": 1, "areaId": 1.5}),
        ("energy_readings", {"hour": "09:00", "k_wh": 1, "areaId": 2**40}),
        ("energy_readings", {"hour": "09:00", "k_wh": 1, "areaId": 10**400}),
        ("energy_readings", {"hour": "09:00", "k_wh": 1, "areaId": 424242}),
        ("energy_readings", {"hour": "09:00", "k_wh": 1, "kWh": 2}),
        ("objects", {"code": "c", "name": "n", "type": "t", "metadata": {"a": "\ud800"}}),
        ("objects", {"code": "c", "name": "n", "type": "t", "metadata": {"a": "\x00"}}),
    ],
)
async def test_what_does_not_fit_is_refused_in_words(table, data, nodes):
    failure = await nodes.failure("database", operation="insert", table=table, data=data)

    assert str(failure).endswith(".")
    assert "Traceback" not in str(failure)
    assert await nodes.db.repositories().of(TABLES[table]).count() == 0


async def test_a_time_without_an_offset_is_told_what_it_lacks(nodes):
    failure = await nodes.failure("database", table="alerts", where={"time": "2026-11-28 07:00:00"})

    needs = "The column time needs a time with an offset, such as 2026-11-28T07:00:00Z"
    assert str(failure) == f"{needs}, not '2026-11-28 07:00:00'."


async def test_json_and_numbers_are_taken_as_their_columns_need_them(nodes):
    await nodes.run(
        "database",
        operation="insert",
        table="objects",
        data={"code": 5001, "name": True, "type": 1.0, "metadata": {"points": [1, None, "ü"]}},
    )

    found = await nodes.run("database", table="objects", where={"metadata": {"points": [1, None, "ü"]}})

    assert found["rows"][0]["metadata"] == {"points": [1, None, "ü"]}
    assert (found["rows"][0]["code"], found["rows"][0]["name"]) == ("5001", "true")


async def test_what_is_taken_already_is_told(nodes, make):
    await make.iot_object(code="C_1")

    failure = await nodes.failure(
        "database", operation="insert", table="objects", data={"code": "C_1", "name": "n", "type": "t"}
    )

    assert str(failure) == "There is one already with the same code."


async def fill(nodes: Nodes, count: int) -> None:
    async with nodes.db.connection() as connection:
        await connection.execute(
            "INSERT INTO objects (code, name, type)"
            " SELECT 'c' || n, 'n', CASE WHEN n <= 1000 THEN 'a' ELSE 'b' END"
            " FROM generate_series(1, %s) AS n",
            (count,),
        )


async def test_a_thousand_rows_are_the_most_of_a_result(nodes):
    await fill(nodes, 1001)

    all_rows = await nodes.run("database", table="objects", returning=["code"])
    thousand = await nodes.run("database", table="objects", where={"type": "a"}, returning=["code"])

    assert (len(all_rows["rows"]), all_rows["count"], all_rows["cut"]) == (1000, 1000, True)
    assert (len(thousand["rows"]), thousand["count"], "cut" in thousand) == (1000, 1000, False)


@pytest.mark.parametrize(("operation", "result"), [("update", "updated"), ("delete", "deleted")])
async def test_a_change_of_many_rows_counts_all_and_tells_a_thousand(operation, result, nodes):
    await fill(nodes, 1500)

    done = await nodes.run(
        "database",
        operation=operation,
        table="objects",
        where={"name": "n"},
        data={"description": "d"} if operation == "update" else {},
        returning=["code"],
    )

    left = await nodes.run("database", table="objects", where={"description": None}, returning=["code"])
    assert (len(done[result]), done["count"], done["cut"]) == (1000, 1500, True)
    assert left["count"] == 0


async def test_tables_that_the_setting_does_not_name_are_only_read(nodes, make):
    alert = await make.alert()
    nodes.set(workflow_database_write=())

    failure = await nodes.failure("database", operation="delete", table="alerts", where={"id": alert.id})

    assert "WORKFLOW_DATABASE_WRITE" in str(failure)
    assert (await nodes.run("database", table="alerts"))["count"] == 1


async def test_runs_are_read_but_never_written_whatever_the_setting_says(nodes, make):
    execution = await make.workflow_execution()
    nodes.set(workflow_database_write=("workflow_executions", "users"))

    failure = await nodes.failure(
        "database", operation="delete", table="workflow_executions", where={"id": execution.id}
    )

    assert str(failure) == "Workflows only read workflow_executions."
    found = await nodes.run("database", table="workflow_executions", where={"id": execution.id})
    assert found["rows"][0]["id"] == execution.id
    assert "dedup_key" not in found["rows"][0]


STATE = Statement("SELECT current_user, current_setting('statement_timeout')", tuple, writes=True)


async def test_the_role_ends_with_the_statement_and_its_limits_too(nodes, make, in_transactions):
    await make.alert()
    call = nodes.call("database", {"table": "alerts"})
    async with nodes.db.transaction() as repos:
        runner = repos.alerts._runner
        before = await runner.fetch(STATE, {})
        assert (await ACTIONS["database"].run(replace(call, repos=repos)))["count"] == 1
        after = await runner.fetch(STATE, {})

    assert before == after == [("ecoctrl", before[0][1])]


async def test_statements_run_as_the_restricted_role(nodes, make, in_transactions):
    await make.alert()
    async with nodes.db.connection() as connection:
        await connection.execute(
            "CREATE FUNCTION who() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN NEW.note = current_user; RETURN NEW; END $$;"
            " CREATE TRIGGER who BEFORE UPDATE ON alerts FOR EACH ROW EXECUTE FUNCTION who()"
        )

    done = await nodes.run(
        "database",
        operation="update",
        table="alerts",
        where={"status": "pending"},
        data={"note": "x"},
        returning=["note"],
    )

    assert done["updated"] == [{"note": "ecoctrl_workflow"}]


def test_the_role_may_no_more_than_it_needs(admin, database_url):
    with psycopg.connect(database_url, autocommit=True) as connection:
        rights = connection.execute(
            "SELECT table_name, privilege_type FROM information_schema.role_table_grants"
            " WHERE grantee = 'ecoctrl_workflow' ORDER BY 1, 2"
        ).fetchall()
        connection.execute("SET ROLE ecoctrl_workflow")
        for statement in (
            "SELECT * FROM users",
            "SELECT access_token FROM iot_tokens",
            "SELECT smtp_pass FROM platform_configs",
            "SELECT dedup_key FROM workflow_executions",
            "DELETE FROM workflow_executions",
            "TRUNCATE alerts",
            "CREATE TABLE t (id int)",
            "DROP TABLE alerts",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)

    write = ["DELETE", "INSERT", "SELECT", "UPDATE"]
    assert rights == [(table, right) for table in ("alerts", "energy_readings", "objects") for right in write]


async def test_a_statement_that_takes_too_long_is_ended(nodes, make, monkeypatch):
    monkeypatch.setattr(workflow_tables, "TIMEOUT_MS", 200)
    alert = await make.alert()
    async with nodes.db.connection() as connection, connection.transaction():
        await connection.execute("SELECT 1 FROM alerts WHERE id = %s FOR UPDATE", (alert.id,))
        failure = await nodes.failure("database", operation="delete", table="alerts", where={"id": alert.id})

    assert "took too long" in str(failure)
    assert (await nodes.run("database", table="alerts"))["count"] == 1


async def test_a_dry_run_changes_nothing_and_tells_what_it_would_meet(nodes, make):
    for device in ("a", "a", "b"):
        await make.alert(device=device, time=datetime(2026, 11, 28, tzinfo=UTC))

    deleting = await nodes.preview("database", operation="delete", table="alerts", where={"device": "a"})
    updating = await nodes.preview(
        "database",
        operation="update",
        table="alerts",
        where={"device": "b"},
        data={"note": "n"},
        returning=["note"],
    )
    inserting = await nodes.preview(
        "database", operation="insert", table="objects", data={"code": "c", "name": "n", "type": "t"}
    )
    nobody = await nodes.preview("database", operation="delete", table="alerts", where={"device": "z"})

    assert (deleting.effect["operation"], deleting.effect["table"], deleting.effect["count"]) == (
        "delete",
        "alerts",
        2,
    )
    assert updating.result == {"updated": [{"note": "n"}], "count": 1}
    assert inserting.result["inserted"] == [{"code": "c", "name": "n", "type": "t"}]
    assert nobody.effect is None
    assert await nodes.db.repositories().alerts.count() == 3
    assert await nodes.db.repositories().objects.count() == 0
