"""Secrets in definitions: under seal wherever they can be read, in the clear for the run alone."""

import json

import pytest

from tests.workflows.dsl.building import around, node
from tests.workflows.test_workflow_changes import CREATE, DUPLICATE, SAVE_DRAFT, UPDATE

CANARY = "the-canary-of-the-workflow"


def with_secret(value: str):
    return around(
        node("keep", "variable", set={"short": "{{secret.KEY.slice(0, 3)}}", "said": "{{secret.KEY}}"}),
        envVars=[
            {"key": "KEY", "value": value, "type": "secret"},
            {"key": "KW", "value": 3, "type": "number"},
        ],
    )


def webhook(secret: str):
    return around(
        node("v", "variable", set={"n": 1}), trigger={"type": "webhook", "config": {"secret": secret}}
    )


async def test_a_secret_is_shown_under_seal_and_nowhere_in_the_clear(change, gql, db):
    made = (await change(CREATE, name="x", dsl=with_secret(CANARY)))["workflow"]
    await change(SAVE_DRAFT, id=made["id"], dsl=webhook(CANARY))

    answer = await gql(
        """query($id: ID!) { workflow(id: $id) { dsl draft versions { nodes { dsl } } }
             workflowDiff(id: $id) { before after } auditLog { nodes { details } } }""",
        id=made["id"],
    )
    async with db.connection() as connection:
        rows = await connection.execute("SELECT dsl::text, draft::text FROM workflows")
        stored = await rows.fetchall()

    assert answer.errors == []
    assert CANARY not in json.dumps(answer.data)
    assert CANARY not in json.dumps(stored)
    sealed, plain = answer.data["workflow"]["dsl"]["envVars"]
    assert sealed["value"].startswith("sealed:")
    assert plain == {"key": "KW", "value": 3, "type": "number"}


async def test_whoever_saves_a_definition_with_its_seals_keeps_the_secrets(
    change, runner, worker, gql, administrator
):
    gql.act_as_user(administrator)
    dsl = (await change(CREATE, name="x", dsl=with_secret(CANARY)))["workflow"]
    changed = await change(UPDATE, id=dsl["id"], dsl={**dsl["dsl"], "settings": {"timeoutMs": 60_000}})
    copy = (await change(DUPLICATE, id=dsl["id"]))["workflow"]

    assert changed["workflow"]["version"] == 2
    for workflow in (dsl, copy):
        run = await runner.until(await runner.start(workflow["id"]))
        assert run["status"] == "COMPLETED"
        (keep,) = [log for log in run["nodeLogs"] if log["nodeId"] == "keep"]
        assert keep["output"]["vars"] == {"short": "the", "said": "[redacted]"}
        assert CANARY not in json.dumps(run)


async def test_a_seal_of_another_server_is_refused(change):
    made = await change(CREATE, name="x", dsl=with_secret("sealed:gAAAAABnothing"))

    assert made["workflow"] is None
    assert made["userErrors"] == [
        {
            "code": "BAD_USER_INPUT",
            "field": ["input", "dsl"],
            "message": "A secret was sealed by another server, or with another JWT_SECRET; write it anew.",
        }
    ]


async def test_a_secret_that_came_by_plain_sql_is_shown_under_seal_too(gql, make, administrator):
    workflow = await make.workflow(dsl=webhook(CANARY))

    answer = await gql("query($id: ID!) { workflow(id: $id) { dsl } }", id=f"workflow_{workflow.id}")

    assert answer.data["workflow"]["dsl"]["trigger"]["config"]["secret"].startswith("sealed:")


@pytest.mark.parametrize("nested", ["loop", "parallel"])
async def test_secrets_within_graphs_are_sealed_as_well(change, nested):
    inner = around(node("mail", "email", to=["a@example.org"], smtpPass=CANARY))
    graph = {"nodes": inner["nodes"], "edges": inner["edges"]}
    config = (
        {"mode": "foreach", "items": [1], "itemVar": "i", "body": graph}
        if nested == "loop"
        else {"branches": [graph]}
    )

    made = await change(CREATE, name="x", dsl=around(node("box", nested, **config)))

    assert made["userErrors"] == []
    assert CANARY not in json.dumps(made)


async def test_the_same_secret_once_more_is_no_other_version(change):
    made = (await change(CREATE, name="x", dsl=webhook(CANARY)))["workflow"]

    again = (await change(UPDATE, id=made["id"], dsl=webhook(CANARY)))["workflow"]

    assert (again["version"], again["dsl"]) == (1, made["dsl"])


async def test_a_secret_of_any_form_is_sealed_in_a_draft(change):
    made = (await change(CREATE, name="x", dsl=webhook(CANARY)))["workflow"]
    dsl = around(
        node("v", "variable", set={"n": 1}),
        envVars=[{"key": "K", "type": "secret", "value": {"pass": CANARY}}],
    )

    saved = await change(SAVE_DRAFT, id=made["id"], dsl=dsl)

    assert saved["workflow"]["draft"]["envVars"][0]["value"].startswith("sealed:")
    assert CANARY not in json.dumps(saved)
