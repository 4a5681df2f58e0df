"""Workflows made, changed, published, rolled back and deleted through the API."""

import pytest

from ecoctrl_gql.db.enums import Role
from tests.workflows.dsl.building import around, document, node

FIELDS = """workflow { id slug version enabled hasDraft dsl draft updatedAt triggerTypes tags }
  problems { path rule severity } userErrors { code field message }"""


def call(name: str, input_type: str) -> str:
    return f"mutation($input: {input_type}!) {{ {name}(input: $input) {{ {FIELDS} }} }}"


CREATE = call("createWorkflow", "CreateWorkflowInput")
UPDATE = call("updateWorkflow", "UpdateWorkflowInput")
SAVE_DRAFT = call("saveWorkflowDraft", "SaveWorkflowDraftInput")
PUBLISH = call("publishWorkflow", "WorkflowInput")
DISCARD = call("discardWorkflowDraft", "WorkflowInput")
ROLLBACK = call("rollbackWorkflow", "RollbackWorkflowInput")
ENABLE = call("setWorkflowEnabled", "SetWorkflowEnabledInput")
DUPLICATE = call("duplicateWorkflow", "DuplicateWorkflowInput")
DELETE = """mutation($input: DeleteWorkflowInput!) {
  deleteWorkflow(input: $input) { deletedId userErrors { code field message } } }"""

ONE = around(node("v", "variable", set={"n": 1}))
TWO = around(node("v", "variable", set={"n": 2}))
BROKEN = document(node("s", "start"), node("e", "end"), edges="s>nowhere")


async def test_a_new_workflow_is_published_as_version_one(change, gql, administrator):
    made = await change(CREATE, name="Night report 夜", dsl=ONE)

    workflow = made["workflow"]
    assert (made["userErrors"], made["problems"]) == ([], [])
    assert (workflow["slug"], workflow["version"], workflow["enabled"]) == ("night-report", 1, True)
    assert workflow["dsl"] == ONE
    found = await gql(
        "query($id: ID!) { workflow(id: $id) { publishedBy { id } versions { nodes { version dsl } } } }",
        id=workflow["id"],
    )
    assert found.data["workflow"] == {
        "publishedBy": {"id": f"user_{administrator.id}"},
        "versions": {"nodes": [{"version": 1, "dsl": ONE}]},
    }


async def test_a_definition_with_errors_is_refused_with_all_of_them(change, db):
    made = await change(CREATE, name="x", dsl=BROKEN)

    assert made["workflow"] is None
    assert {problem["rule"] for problem in made["problems"]} >= {"EDGE_TARGET"}
    assert [(error["code"], error["field"]) for error in made["userErrors"]] == [
        ("BAD_USER_INPUT", ["input", "dsl"])
    ]
    assert await db.repositories().workflows.count() == 0


@pytest.mark.parametrize("slug", ["Night", "a/b", "-a", "a" * 129, "ä", ""])
async def test_a_slug_fits_into_an_address(change, slug):
    made = await change(CREATE, name="x", slug=slug, dsl=ONE)

    assert [(error["code"], error["field"]) for error in made["userErrors"]] == [
        ("BAD_USER_INPUT", ["input", "slug"])
    ]


async def test_a_slug_that_was_chosen_is_unique_and_one_that_was_not_is_varied(change):
    await change(CREATE, name="One", slug="night", dsl=ONE)
    chosen = await change(CREATE, name="Two", slug="night", dsl=ONE)
    made = await change(CREATE, name="Night", dsl=ONE)

    assert [(error["code"], error["field"]) for error in chosen["userErrors"]] == [
        ("CONFLICT", ["input", "slug"])
    ]
    assert made["workflow"]["slug"].startswith("night-")


async def test_another_definition_is_another_version_and_another_name_is_not(change):
    workflow = (await change(CREATE, name="x", dsl=ONE))["workflow"]

    renamed = await change(UPDATE, id=workflow["id"], name="y")
    changed = await change(UPDATE, id=workflow["id"], dsl=TWO, expectedVersion=1)

    assert renamed["workflow"]["version"] == 1
    assert (changed["workflow"]["version"], changed["workflow"]["dsl"]) == (2, TWO)


async def test_who_comes_second_is_told_what_is_there_now(change):
    workflow = (await change(CREATE, name="x", dsl=ONE))["workflow"]
    await change(UPDATE, id=workflow["id"], dsl=TWO, expectedVersion=1)

    late = await change(UPDATE, id=workflow["id"], dsl=ONE, expectedVersion=1)

    assert [(error["code"], error["field"]) for error in late["userErrors"]] == [
        ("CONFLICT", ["input", "expectedVersion"])
    ]
    assert (late["workflow"]["version"], late["workflow"]["dsl"]) == (2, TWO)


async def test_a_draft_lies_beside_what_is_published_until_it_is_published_itself(change):
    workflow = (await change(CREATE, name="x", dsl=ONE))["workflow"]

    draft = await change(SAVE_DRAFT, id=workflow["id"], dsl=BROKEN)
    assert draft["workflow"]["hasDraft"]
    assert (draft["workflow"]["dsl"], draft["workflow"]["draft"]) == (ONE, BROKEN)
    assert {problem["rule"] for problem in draft["problems"]} >= {"EDGE_TARGET"}

    refused = await change(PUBLISH, id=workflow["id"])
    assert (refused["workflow"], refused["userErrors"][0]["code"]) == (None, "BAD_USER_INPUT")

    await change(SAVE_DRAFT, id=workflow["id"], dsl=TWO)
    published = (await change(PUBLISH, id=workflow["id"]))["workflow"]
    assert (published["version"], published["dsl"], published["hasDraft"]) == (2, TWO, False)

    none = await change(PUBLISH, id=workflow["id"])
    assert none["userErrors"][0]["code"] == "CONFLICT"


async def test_two_who_draft_do_not_overwrite_each_other(change):
    workflow = (await change(CREATE, name="x", dsl=ONE))["workflow"]
    seen = workflow["updatedAt"]
    first = await change(SAVE_DRAFT, id=workflow["id"], dsl=TWO, expectedUpdatedAt=seen)

    second = await change(SAVE_DRAFT, id=workflow["id"], dsl=ONE, expectedUpdatedAt=seen)

    assert second["userErrors"][0]["field"] == ["input", "expectedUpdatedAt"]
    assert second["workflow"]["draft"] == TWO
    again = first["workflow"]["updatedAt"]
    discarded = await change(DISCARD, id=workflow["id"], expectedUpdatedAt=again)
    assert not discarded["workflow"]["hasDraft"]


async def test_an_old_version_comes_back_as_a_new_one(change, gql):
    workflow = (await change(CREATE, name="x", dsl=ONE))["workflow"]
    await change(UPDATE, id=workflow["id"], dsl=TWO)

    back = (await change(ROLLBACK, id=workflow["id"], version=1, expectedVersion=2))["workflow"]

    assert (back["version"], back["dsl"]) == (3, ONE)
    differs = await gql(
        """query($id: ID!) { workflowDiff(id: $id, before: 2, after: 3) {
             part change id path changedPaths } }""",
        id=workflow["id"],
    )
    assert differs.data["workflowDiff"] == [
        {
            "part": "NODE",
            "change": "CHANGED",
            "id": "v",
            "path": "nodes.v",
            "changedPaths": ["nodes.v.config.set.n"],
        }
    ]
    missing = await change(ROLLBACK, id=workflow["id"], version=9)
    assert missing["userErrors"][0]["code"] == "NOT_FOUND"


async def test_plain_sql_makes_versions_too_and_none_ever_changes(change, db):
    workflow = (await change(CREATE, name="x", dsl=ONE))["workflow"]
    key = workflow["id"].removeprefix("workflow_")
    async with db.connection() as connection:
        await connection.execute("""UPDATE workflows SET dsl = '{"version": "1.0"}' WHERE id = %s""", [key])
        found = await connection.execute(
            "SELECT version, published_by IS NULL FROM workflow_versions WHERE workflow_id = %s ORDER BY 1",
            [key],
        )
        assert await found.fetchall() == [(1, False), (2, False)]
        with pytest.raises(Exception, match="never changes"):
            await connection.execute("UPDATE workflow_versions SET dsl = '{}'")


async def test_a_copy_is_disabled_and_keeps_nothing_of_the_versions(change):
    workflow = (await change(CREATE, name="Night", dsl=ONE))["workflow"]
    await change(UPDATE, id=workflow["id"], dsl=TWO)

    copy = (await change(DUPLICATE, id=workflow["id"]))["workflow"]

    assert (copy["version"], copy["enabled"], copy["dsl"]) == (1, False, TWO)
    assert copy["slug"] == "night-copy"
    armed = await change(ENABLE, id=copy["id"], enabled=True)
    assert armed["workflow"]["enabled"]


async def test_a_workflow_with_active_runs_goes_only_by_force(change, make, gql):
    workflow = (await change(CREATE, name="Night", dsl=ONE))["workflow"]
    key = workflow["id"].removeprefix("workflow_")
    run = await make.workflow_execution(workflow_id=key, status="waiting", result=None)

    async def delete(**more):
        answer = await gql(DELETE, input={"id": workflow["id"], **more})
        return answer.data["deleteWorkflow"]

    kept = await delete()
    assert (kept["deletedId"], kept["userErrors"][0]["code"]) == (None, "CONFLICT")
    gone = await delete(force=True)
    assert gone == {"deletedId": workflow["id"], "userErrors": []}
    looked = await gql(
        "query($id: ID!) { workflowExecution(id: $id) { id } }", id=f"workflow_execution_{run.id}"
    )
    assert looked.data["workflowExecution"] is None


async def test_every_change_is_in_the_audit_log(change, gql, administrator):
    workflow = (await change(CREATE, name="Night", dsl=ONE))["workflow"]
    await change(SAVE_DRAFT, id=workflow["id"], dsl=TWO)
    await change(PUBLISH, id=workflow["id"])
    await change(ROLLBACK, id=workflow["id"], version=1)
    await change(ENABLE, id=workflow["id"], enabled=False)
    await gql(DELETE, input={"id": workflow["id"]})

    log = await gql("{ auditLog(last: 10) { nodes { action nodeId actorId } } }")

    entries = sorted(log.data["auditLog"]["nodes"], key=lambda entry: entry["action"])
    assert [entry["action"] for entry in entries] == [
        "workflow.created",
        "workflow.deleted",
        "workflow.disabled",
        "workflow.draft_saved",
        "workflow.published",
        "workflow.rolled_back",
    ]
    assert {entry["nodeId"] for entry in entries} == {workflow["id"]}
    assert {entry["actorId"] for entry in entries} == {administrator.id}


@pytest.mark.parametrize("role", [Role.VIEWER, Role.OPERATOR])
async def test_only_administrators_change_workflows_and_see_definitions(gql, make, role):
    gql.act_as(role)
    workflow = await make.workflow()

    made = await gql(CREATE, input={"name": "x", "dsl": ONE})
    seen = await gql("query($id: ID!) { workflow(id: $id) { dsl } }", id=f"workflow_{workflow.id}")

    assert {*made.codes, *seen.codes} == {"FORBIDDEN"}
    assert made.data is None or made.data["createWorkflow"] is None


async def test_what_starts_a_workflow_and_its_tags_are_told(change):
    dsl = around(
        node("v", "variable", set={"n": 1}),
        trigger={"type": "schedule", "config": {"cron": "@daily", "tags": ["energy", "night"]}},
    )

    made = (await change(CREATE, name="x", dsl=dsl))["workflow"]

    assert (made["triggerTypes"], made["tags"]) == (["SCHEDULE"], ["energy", "night"])


async def test_a_document_that_is_too_large_is_refused(change):
    many = [node(f"n{index}", "variable", set={"n": index}) for index in range(10_500)]

    made = await change(CREATE, name="x", dsl=around(*many))

    assert made["workflow"] is None
    assert [problem["rule"] for problem in made["problems"]] == ["TOO_LARGE"]
