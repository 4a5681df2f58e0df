"""How the runs of workflows have gone."""

from datetime import UTC, datetime, timedelta

import pytest

from ecoctrl_gql.db.enums import ExecutionStatus

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)

STATISTICS = """
    query ($since: DateTime) {
      workflows(orderBy: {field: NAME}) { nodes {
        name
        statistics(since: $since) {
          runs pending running waiting completed failed cancelled dead successRate
          p50DurationMs p95DurationMs lastFailure { databaseId error }
        }
      } }
    }
"""

NOTHING = {
    "runs": 0,
    "pending": 0,
    "running": 0,
    "waiting": 0,
    "completed": 0,
    "failed": 0,
    "cancelled": 0,
    "dead": 0,
    "successRate": None,
    "p50DurationMs": None,
    "p95DurationMs": None,
    "lastFailure": None,
}


@pytest.fixture
async def runs(make):
    """Makes runs of a workflow: each so many hours after noon, and so many seconds long."""

    async def made(workflow, status, *spans, **values):
        rows = []
        for hours, seconds in spans:
            begin = NOON + timedelta(hours=hours)
            end = None if seconds is None else begin + timedelta(seconds=seconds)
            rows.append(
                await make.workflow_execution(
                    workflow_id=workflow.id,
                    status=ExecutionStatus(status),
                    started_at=begin,
                    completed_at=end,
                    **values,
                )
            )
        return rows

    return made


async def statistics(gql, since=None):
    answer = await gql(STATISTICS, since=since and since.isoformat())
    assert answer.errors == []
    return {each["name"]: each["statistics"] for each in answer.data["workflows"]["nodes"]}


async def test_they_count_and_measure(gql, make, runs):
    busy, idle = await make.workflow(name="busy"), await make.workflow(name="idle")
    await runs(busy, "completed", (0, 1), (1, 2), (2, 3))
    failures = await runs(busy, "failed", (3, 10), (4, 4), error="No.")
    await runs(busy, "failed", (2.5, 5), dead=True, error="Given up.")
    await runs(busy, "cancelled", (5, 1000))
    for status in ("pending", "running", "waiting"):
        await runs(busy, status, (6, None))
    await runs(idle, "waiting", (1, None))

    found = await statistics(gql)

    assert found["busy"] == {
        "runs": 10,
        "pending": 1,
        "running": 1,
        "waiting": 1,
        "completed": 3,
        "failed": 3,
        "cancelled": 1,
        "dead": 1,
        "successRate": 0.5,
        "p50DurationMs": 3500,
        "p95DurationMs": 8750,
        "lastFailure": {"databaseId": failures[1].id, "error": "No."},
    }
    assert found["idle"] == NOTHING | {"runs": 1, "waiting": 1}


async def test_they_look_at_runs_since_a_time(gql, make, runs):
    workflow = await make.workflow(name="w")
    await runs(workflow, "failed", (0, 1))
    await runs(workflow, "completed", (2, 4))

    found = await statistics(gql, NOON + timedelta(hours=1))

    assert found["w"] == NOTHING | {
        "runs": 1,
        "completed": 1,
        "successRate": 1,
        "p50DurationMs": 4000,
        "p95DurationMs": 4000,
    }


async def test_those_of_all_workflows_come_in_one_statement(gql, make, runs):
    for name in "abcd":
        workflow = await make.workflow(name=name)
        await runs(workflow, "failed", (0, 1), error=name)

    found = await statistics(gql)

    assert [found[name]["lastFailure"]["error"] for name in "abcd"] == ["a", "b", "c", "d"]
    assert len(gql.statements) == 3  # workflows, their statistics, the failures


async def test_runs_that_were_given_up_are_found(gql, make, runs):
    workflow = await make.workflow()
    await runs(workflow, "failed", (0, 1))
    [dead] = await runs(workflow, "failed", (1, 1), dead=True)

    answer = await gql("{ workflowExecutions(filter: {dead: {eq: true}}) { nodes { databaseId dead } } }")

    assert answer.data["workflowExecutions"]["nodes"] == [{"databaseId": dead.id, "dead": True}]
