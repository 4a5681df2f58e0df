"""Workflows and their runs."""

import pytest

from ecoctrl_gql.workflows.node_logs import node_logs_of


async def test_fifty_workflows_with_twenty_runs_each_take_two_statements(gql, make):
    async with gql.db.connection() as connection:
        await connection.execute(
            "INSERT INTO workflows (name, dsl) SELECT 'w' || i, '{}' FROM generate_series(1, 50) i"
        )
        await connection.execute(
            "INSERT INTO workflow_executions (workflow_id, status, started_at)"
            " SELECT id, 'completed', now() - i * interval '1 s' FROM workflows, generate_series(1, 25) i"
        )
    query = """{ workflows(first: 50) { nodes { name executions(first: 20) {
      nodes { id status startedAt workflow { id } } pageInfo { hasNextPage } } } } }"""

    answer = await gql(query)

    nodes = answer.data["workflows"]["nodes"]
    assert len({node["name"] for node in nodes}) == 50
    for node in nodes:
        runs = node["executions"]["nodes"]
        assert len({run["id"] for run in runs}) == 20
        assert [run["startedAt"] for run in runs] == sorted((run["startedAt"] for run in runs), reverse=True)
        assert node["executions"]["pageInfo"] == {"hasNextPage": True}
    assert len(gql.statements) == 2


async def test_a_runs_workflow_by_its_id_alone_takes_no_statement(gql, make):
    execution = await make.workflow_execution()

    answer = await gql("{ workflowExecutions { nodes { workflow { id } } } }")

    assert answer.data["workflowExecutions"]["nodes"] == [
        {"workflow": {"id": f"workflow_{execution.workflow_id}"}}
    ]
    assert len(gql.statements) == 1


RUN = """query($id: ID!) { workflowExecution(id: $id) { output nodeLogs {
  nodeId nodeName nodeType status startedAt completedAt durationMs output error } } }"""


async def run_with(gql, make, result):
    execution = await make.workflow_execution(result=result)
    answer = await gql(RUN, id=f"workflow_execution_{execution.id}")
    assert answer.errors == []
    return answer.data["workflowExecution"]


async def test_the_result_is_shown_as_output_and_logs(gql, make):
    log = {
        "nodeId": "n1",
        "nodeName": "Read",
        "nodeType": "iot_read",
        "status": "failed",
        "startedAt": "2026-06-01T20:00:00.123+08:00",
        "completedAt": "2026-06-01T12:00:01Z",
        "durationMs": 877.5,
        "output": {"v": [1]},
        "error": "No answer",
    }
    found = await run_with(gql, make, {"output": {"kwh": 12.5}, "nodeLogs": [log]})

    assert found["output"] == {"kwh": 12.5}
    assert found["nodeLogs"] == [
        log | {"startedAt": "2026-06-01T20:00:00.123000+08:00", "completedAt": "2026-06-01T12:00:01+00:00"}
    ]
    assert len(gql.statements) == 1


async def test_what_a_log_lacks_is_null(gql, make):
    found = await run_with(gql, make, {"nodeLogs": [{"nodeId": "n1"}, {}, "no log", None]})

    empty = dict.fromkeys(
        ("nodeName", "nodeType", "status", "startedAt", "completedAt", "durationMs", "output", "error")
    )
    assert found == {"output": None, "nodeLogs": [{"nodeId": "n1"} | empty, {"nodeId": ""} | empty]}


async def test_results_of_any_shape_can_be_read(gql, make):
    nothing = [
        None,
        [],
        [1],
        "text",
        7,
        False,
        {},
        {"output": None},
        {"nodeLogs": None},
        {"nodeLogs": {"a": 1}},
    ]
    for result in nothing:
        assert await run_with(gql, make, result) == {"output": None, "nodeLogs": []}


@pytest.mark.parametrize("moment", ["", "soon", 5, None, {}, True, 1_790_000_000_000])
def test_a_moment_that_is_none_is_null(moment):
    (log,) = node_logs_of({"nodeLogs": [{"nodeId": "n", "startedAt": moment, "durationMs": "x"}]})

    assert (log.node_id, log.started_at, log.duration_ms) == ("n", None, None)


async def test_a_workflow_whose_maker_is_gone_stays(gql, make):
    user = await make.user()
    workflow = await make.workflow(user_id=user.id)
    await gql.db.repositories().users.delete(user.id)

    answer = await gql(
        "query($id: ID!) { workflow(id: $id) { name user { id } } }", id=f"workflow_{workflow.id}"
    )

    assert answer.data["workflow"] == {"name": workflow.name, "user": None}
