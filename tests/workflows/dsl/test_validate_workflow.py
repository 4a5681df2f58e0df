"""Looking at documents through the API."""

from ecoctrl_gql.workflows.dsl.json_schema import workflow_json_schema
from tests.workflows.dsl.building import around, documents, node

VALIDATE = """query($dsl: JSON!) { validateWorkflow(dsl: $dsl) {
  valid errorCount warningCount problems { path rule severity message hint } } }"""


async def test_a_good_document_has_no_problems(gql):
    for dsl in documents().values():
        answer = await gql(VALIDATE, dsl=dsl)
        assert answer.data == {
            "validateWorkflow": {"valid": True, "errorCount": 0, "warningCount": 0, "problems": []}
        }
    assert gql.statements == []


async def test_everything_that_is_wrong_is_told(gql):
    answer = await gql(VALIDATE, dsl=around(node("w", "delay", durationMs=-1, wait=2), colour=1))

    assert answer.data["validateWorkflow"] == {
        "valid": False,
        "errorCount": 1,
        "warningCount": 1,
        "problems": [
            {
                "path": "colour",
                "rule": "UNKNOWN_KEY",
                "severity": "WARNING",
                "message": '"colour" has no meaning here; it is kept.',
                "hint": None,
            },
            {
                "path": "nodes.w.config.durationMs",
                "rule": "VALUE",
                "severity": "ERROR",
                "message": "durationMs can't be less than 0.",
                "hint": "How long, in milliseconds; not at all by default, 30 days at most.",
            },
        ],
    }


async def test_any_json_is_a_document_to_look_at(gql):
    for dsl in (1, "text", [], {}, True, [[[]]], {"nodes": [None]}):
        answer = await gql(VALIDATE, dsl=dsl)
        assert answer.errors == []
        assert answer.data["validateWorkflow"]["valid"] is False


async def test_the_schema_is_served(gql):
    answer = await gql("{ workflowSchema }")

    assert answer.data == {"workflowSchema": workflow_json_schema()}
    assert gql.statements == []


RUNS = "query($id: ID!, $n: Int, $after: DateTime) { workflow(id: $id) { nextRuns(n: $n, after: $after) } }"
AFTER = "2026-11-22T16:00:00+00:00"


async def runs_of(gql, make, dsl, **variables):
    workflow = await make.workflow(dsl=dsl)
    answer = await gql(RUNS, id=f"workflow_{workflow.id}", **({"n": 2, "after": AFTER} | variables))
    assert answer.errors == []
    return answer.data["workflow"]["nextRuns"]


def scheduled(**config):
    return around(trigger={"type": "schedule", "config": config})


async def test_next_runs_are_those_of_the_schedule(gql, make):
    runs = await runs_of(gql, make, scheduled(cron="0 7 * * *", timezone="Europe/Berlin"))

    assert runs == ["2026-11-23T06:00:00+00:00", "2026-11-24T06:00:00+00:00"]
    assert len(gql.statements) == 1


async def test_next_runs_of_several_triggers_are_merged(gql, make):
    dsl = documents()["lighting-schedule"]

    runs = await runs_of(gql, make, dsl, n=3)

    assert runs == ["2026-11-22T22:30:00+00:00", "2026-11-23T14:00:00+00:00", "2026-11-23T22:30:00+00:00"]


async def test_next_runs_go_by_the_platforms_zone_where_none_is_named(gql, make):
    assert await runs_of(gql, make, scheduled(cron="0 7 * * *"), n=1) == ["2026-11-22T23:00:00+00:00"]

    await gql.db.repositories().platform_configs.put(timezone="America/New_York")
    assert await runs_of(gql, make, scheduled(cron="0 7 * * *"), n=1) == ["2026-11-23T12:00:00+00:00"]


async def test_there_are_none_without_a_schedule(gql, make):
    nothing = [
        around(),
        scheduled(cron="no cron"),
        scheduled(cron="@daily", timezone="Mars/Base"),
        scheduled(),
        scheduled(cron=5),
        {"trigger": {"type": "schedule"}},
        {"nodes": [1, None, {"type": "cron-trigger"}], "trigger": "schedule"},
        [],
        "text",
    ]
    for dsl in nothing:
        assert await runs_of(gql, make, dsl) == []


async def test_next_runs_of_a_list_take_one_statement_more_at_most(gql, make):
    for _ in range(5):
        await make.workflow(dsl=scheduled(cron="@daily"))

    answer = await gql("{ workflows { nodes { nextRuns(n: 3) } } }")

    runs = [node["nextRuns"] for node in answer.data["workflows"]["nodes"]]
    assert [len(each) for each in runs] == [3] * 5
    assert len(gql.statements) == 2


async def test_more_runs_than_allowed_and_far_years_are_refused(gql, make):
    workflow = await make.workflow(dsl=scheduled(cron="@daily"))
    for variables in (
        {"n": 101},
        {"n": -1},
        {"after": "0001-01-01T00:00:00+14:00"},
        {"after": "9999-12-31T23:59:59Z"},
    ):
        answer = await gql(RUNS, id=f"workflow_{workflow.id}", **variables)
        assert answer.codes == ["BAD_USER_INPUT"], variables
