"""Runs that are tried without doing anything."""

import json
import socket

import pytest
from psycopg import sql

from ecoctrl_gql.db.enums import Role
from tests.workflows.dsl.building import around, body, document, documents, node

DRY_RUN = """query($input: DryRunWorkflowInput!) { dryRunWorkflow(input: $input) {
  status output error nodeId path beganAt endedAt durationMs
  nodeLogs { nodeId path status input output error }
  effects { kind nodeId path at key summary details } } }"""

AT = "2026-03-02T08:00:00+00:00"


@pytest.fixture
def no_network(monkeypatch):
    """Fails whoever opens a connection but those to the database, which are open already."""

    def refuse(*_):
        raise AssertionError("A dry run opened a connection.")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr("ecoctrl_gql.workflows.nodes.web.Web.ask", refuse)
    monkeypatch.setattr("ecoctrl_gql.iot.gateway.Gateway._ask", refuse)
    monkeypatch.setattr("ecoctrl_gql.auth.mail.Mailer.deliver", refuse)


@pytest.fixture
async def dry_run(gql, db, administrator, no_network):
    async def send(**input):
        answer = await gql(DRY_RUN, input={"at": AT, **input})
        assert answer.errors == []
        return answer.data["dryRunWorkflow"]

    return send


def counted(statements, *words):
    return [text for text in statements if any(text.lstrip().startswith(word) for word in words)]


@pytest.mark.parametrize("name", sorted(documents()))
async def test_every_document_is_tried_with_no_effect(name, dry_run, gql, db, in_transactions):
    dsl = documents()[name].get("dsl", documents()[name])
    in_transactions.clear()

    tried = await dry_run(dsl=dsl, triggerData={"source": "test", "kind": "fire", "newValue": "900"})

    assert tried["status"] in ("COMPLETED", "FAILED")
    assert tried["path"] != []
    assert counted([*gql.statements, *in_transactions], "INSERT", "UPDATE", "DELETE") == []
    async with db.connection() as connection:
        for table in ("alerts", "notifications", "messages", "workflow_executions", "workflow_steps"):
            rows = await connection.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table)))
            assert await rows.fetchone() == (0,)


async def test_what_would_have_happened_is_told_with_its_branch(dry_run):
    dsl = documents()["schedule-fetch-branch-mail"]
    mocks = {"fetch": {"statusCode": 200, "body": {"kwh": 620}}}

    tried = await dry_run(dsl=dsl.get("dsl", dsl), mocks=mocks)

    assert (tried["status"], tried["output"]) == ("COMPLETED", {"kwh": 620})
    assert tried["path"] == ["begin", "fetch", "high", "mail", "finish"]
    request, mail = tried["effects"]
    assert (request["kind"], request["summary"]) == (
        "http_request",
        "GET https://meters.example.org/api/total",
    )
    assert mail["details"]["subject"] == "High load 620 kWh"
    assert mail["details"]["body"] == "Measured at 2026-03-02T08:00:00.000Z"


async def test_a_node_that_is_told_to_fail_leads_where_failures_lead(dry_run):
    dsl = documents()["schedule-fetch-branch-mail"]

    tried = await dry_run(dsl=dsl.get("dsl", dsl), mocks={"fetch": {"error": "no answer"}})

    assert tried["path"] == ["begin", "fetch", "fetch", "fetch", "finish"]
    assert [log["error"] for log in tried["nodeLogs"]] == [None, *["no answer"] * 3, None]
    assert tried["durationMs"] == 3000  # the waits between three tries


async def test_a_wait_of_a_month_takes_no_time(dry_run):
    dsl = around(
        node("wait", "delay", durationMs=30 * 86_400_000), node("v", "variable", set={"t": "{{now()}}"})
    )

    tried = await dry_run(dsl=dsl)

    assert tried["endedAt"] == "2026-04-01T08:00:00+00:00"
    assert tried["nodeLogs"][2]["output"]["vars"]["t"].startswith("2026-04-01T08:00")


async def test_a_run_that_waits_longer_than_its_settings_allow_would_fail(dry_run):
    dsl = around(node("wait", "delay", durationMs=60_000)) | {"settings": {"timeoutMs": 5000}}

    tried = await dry_run(dsl=dsl)

    assert (tried["status"], tried["durationMs"]) == ("FAILED", 5000)
    assert tried["error"] == "The run took longer than its settings allow."


async def test_rows_are_read_but_not_written(dry_run, make, db):
    await make.iot_object(code="M_1", type="meter", name="One")
    dsl = around(
        node("read", "database", table="objects", where={"type": "meter"}, returning=["code"]),
        node(
            "change",
            "database",
            operation="update",
            table="objects",
            where={"code": "M_1"},
            data={"name": "Two"},
        ),
        node(
            "new",
            "database",
            operation="insert",
            table="alerts",
            data={"device": "x", "level": "low", "message": "m"},
        ),
    )

    tried = await dry_run(dsl=dsl)

    outputs = {log["nodeId"]: log["output"] for log in tried["nodeLogs"]}
    assert outputs["read"] == {"rows": [{"code": "M_1"}], "count": 1}
    assert outputs["change"]["updated"][0]["name"] == "Two"
    assert [effect["summary"] for effect in tried["effects"]] == [
        "Update objects: 1 rows",
        "Insert alerts: 1 rows",
    ]
    async with db.connection() as connection:
        rows = await connection.execute("SELECT name, (SELECT count(*) FROM alerts) FROM objects")
        assert await rows.fetchall() == [("One", 0)]


async def test_a_loop_that_never_ends_is_ended(dry_run):
    inner = body(node("again", "variable", set={"n": "{{(vars.n || 0) + 1}}"}))
    loop = node("poll", "loop", mode="while", condition="true", maxIterations=1_000_000, body=inner)

    tried = await dry_run(dsl=around(loop))

    assert tried["status"] == "FAILED"
    assert "10,000 steps" in tried["error"]


async def test_secrets_are_shown_nowhere(dry_run):
    dsl = around(
        node(
            "ask",
            "http_request",
            url="https://x.example.org/?key={{secret.KEY}}",
            body={"key": "{{secret.KEY}}"},
        ),
        envVars=[{"key": "KEY", "value": "the-canary", "type": "secret"}],
    )

    tried = await dry_run(dsl=dsl)

    assert tried["effects"][0]["details"]["body"] == {"key": "[redacted]"}
    assert "the-canary" not in json.dumps(tried)


async def test_a_stored_workflow_its_draft_and_its_versions_can_be_tried(dry_run, make, db):
    one, two, three = (around(node("v", "variable", set={"n": n})) for n in (1, 2, 3))
    workflow = await make.workflow(dsl=one, draft=three)
    await db.repositories().workflows.update(workflow.id, dsl=two)
    id_ = f"workflow_{workflow.id}"

    async def n(**which):
        tried = await dry_run(id=id_, **which)
        return tried["nodeLogs"][1]["output"]["vars"]["n"]

    assert [await n(), await n(version=1), await n(draft=True)] == [2, 1, 3]


@pytest.mark.parametrize(
    ("input", "message"),
    [
        ({}, "Give either"),
        ({"dsl": document(node("s", "start"))}, "The definition has errors."),
        ({"dsl": around(), "mocks": [1]}, "mocks must be an object"),
        ({"dsl": around(), "startNodeId": "nowhere"}, "There is no node nowhere."),
        ({"id": "workflow_00000000-0000-4000-8000-000000000000"}, "There is no such workflow."),
        ({"id": "alert_1"}, "An id of type Workflow is expected"),
    ],
)
async def test_what_can_t_be_tried_is_told(gql, administrator, input, message):
    answer = await gql(DRY_RUN, input=input)

    assert len(answer.errors) == 1
    assert message in answer.errors[0]["message"]
    assert answer.codes[0] in ("BAD_USER_INPUT", "NOT_FOUND")


async def test_only_administrators_try_workflows(gql):
    gql.act_as(Role.OPERATOR)

    answer = await gql(DRY_RUN, input={"dsl": around()})

    assert set(answer.codes) == {"FORBIDDEN"}
