"""Paging through every list, in every order that it offers, against what plain SQL says."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from graphql import get_named_type

from ecoctrl_gql.api.node import global_id
from ecoctrl_gql.db.columns import column_facts
from ecoctrl_gql.db.enums import TextEnum
from ecoctrl_gql.db.records import attributes, key_name
from ecoctrl_gql.db.tables import WorkflowExecutionRow, WorkflowRow, WorkflowVersionRow
from tests.api.database_sample import Sample
from tests.api.schema_walk import QUERY, listed_type, target_of
from tests.factories import NOON

ROWS = 11
UNIQUE = {"code", "title", "slug", "username", "email"}
LISTS = {
    name: target_of(field) for name, field in QUERY.fields.items() if listed_type(field) and target_of(field)
}


def order_fields(list_name: str) -> list[str]:
    order = get_named_type(QUERY.fields[list_name].args["orderBy"].type)
    return list(get_named_type(order.fields["field"].type).values)


ORDERS = [
    (list_name, order, direction)
    for list_name in LISTS
    for order in order_fields(list_name)
    for direction in ("ASC", "DESC")
]


def value(row_type: Any, name: str, index: int) -> Any:
    """Few different values, so that many rows are equal, and nulls where there can be some."""
    facts, turn = column_facts(row_type, name), index % 4
    if facts.nullable and turn == 3:
        return None
    if name in UNIQUE:
        return f"{'bAaé'[turn]} {index}"
    if issubclass(facts.kind, TextEnum):
        return list(facts.kind)[turn % len(facts.kind)]
    values: dict[Any, list[Any]] = {
        str: ["b", "A", "a", "é"],
        int: [3, 1, 1, -2],
        float: [0.1, 0.3, 0.1, 0.7],  # none of them is a sum of powers of two
        datetime: [NOON, NOON - timedelta(days=1), NOON, NOON + timedelta(microseconds=1)],
        date: [date(2026, 6, 1), date(2025, 1, 1), date(2026, 6, 1), date(2026, 12, 31)],
    }
    return values[facts.kind][turn]


@pytest.fixture(scope="module")
async def lists(shared_gql) -> Sample:
    """A few rows in every list; runs are of one workflow."""
    sample = Sample(shared_gql.db)
    for list_name, row_type in LISTS.items():
        names = [order.lower() for order in order_fields(list_name)]
        needed = {"workflow_id": sample.rows[WorkflowRow][0].id} if row_type is WorkflowExecutionRow else {}
        for index in range(ROWS):
            values = {name: value(row_type, name, index) for name in names if name != key_name(row_type)}
            if row_type is WorkflowVersionRow:  # each of a workflow of its own, behind the one that it has
                needed = {"workflow_id": (await sample.add(WorkflowRow)).id}
                values["version"] += 1000
            await sample.add(row_type, **(values | needed))
    return sample


async def ids_by_sql(gql: Any, row_type: Any, order: str, direction: str) -> list[str]:
    column, key = (attributes(row_type)[name].name for name in (order.lower(), key_name(row_type)))
    text = (
        f"SELECT there.{key} FROM {row_type.__tablename__} there "  # noqa: S608  # names of our own tables
        f"ORDER BY there.{column} {direction} NULLS LAST, there.{key} {direction}"
    )
    async with gql.db.connection() as connection:
        cursor = await connection.execute(text)
        return [global_id(row_type, key) for (key,) in await cursor.fetchall()]


async def page(gql: Any, list_name: str, order: str, direction: str, **arguments: Any) -> Any:
    query = f"""
        query($first: Int, $after: String, $last: Int, $before: String) {{
          {list_name}(
            first: $first, after: $after, last: $last, before: $before,
            orderBy: {{field: {order}, direction: {direction}}}
          ) {{
            nodes {{ id }} edges {{ cursor node {{ id }} }}
            pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }}
          }}
        }}"""
    answer = await gql(query, **arguments)
    assert answer.errors == []
    found = answer.data[list_name]
    cursors = [edge["cursor"] for edge in found["edges"]]
    assert [edge["node"] for edge in found["edges"]] == found["nodes"]
    assert (found["pageInfo"]["startCursor"], found["pageInfo"]["endCursor"]) == (
        (cursors[0], cursors[-1]) if cursors else (None, None)
    )
    return found


def ids(found: Any) -> list[str]:
    return [node["id"] for node in found["nodes"]]


@pytest.mark.parametrize(("list_name", "order", "direction"), ORDERS)
async def test_forward_pages_visit_each_row_once_in_order(list_name, order, direction, shared_gql, lists):
    expected = await ids_by_sql(shared_gql, LISTS[list_name], order, direction)
    assert len(expected) >= ROWS
    visited, after, more = [], None, True
    while more:
        found = await page(shared_gql, list_name, order, direction, first=3, after=after)
        assert found["pageInfo"]["hasPreviousPage"] == (after is not None)
        assert len(shared_gql.statements) == 1
        visited += ids(found)
        after, more = found["pageInfo"]["endCursor"], found["pageInfo"]["hasNextPage"]
        assert more == (len(visited) < len(expected))

    assert visited == expected


@pytest.mark.parametrize(("list_name", "order", "direction"), ORDERS)
async def test_backward_pages_visit_each_row_once_in_order(list_name, order, direction, shared_gql, lists):
    expected = await ids_by_sql(shared_gql, LISTS[list_name], order, direction)
    visited, before, more = [], None, True
    while more:
        found = await page(shared_gql, list_name, order, direction, last=4, before=before)
        assert found["pageInfo"]["hasNextPage"] == (before is not None)
        visited = ids(found) + visited
        before, more = found["pageInfo"]["startCursor"], found["pageInfo"]["hasPreviousPage"]
        assert more == (len(visited) < len(expected))

    assert visited == expected


@pytest.mark.parametrize(("list_name", "order", "direction"), ORDERS)
async def test_a_list_can_be_cut_at_both_ends(list_name, order, direction, shared_gql, lists):
    whole = await page(shared_gql, list_name, order, direction, first=1000)
    cursors = [edge["cursor"] for edge in whole["edges"]]
    low, high = 2, len(cursors) - 3
    cut = {"after": cursors[low], "before": cursors[high]}

    within = await page(shared_gql, list_name, order, direction, **cut)
    begin = await page(shared_gql, list_name, order, direction, first=2, **cut)
    end = await page(shared_gql, list_name, order, direction, last=2, **cut)
    nothing = await page(shared_gql, list_name, order, direction, after=cursors[high], before=cursors[low])

    inside = ids(whole)[low + 1 : high]
    assert ids(within) == inside
    assert (ids(begin), begin["pageInfo"]["hasNextPage"]) == (inside[:2], True)
    assert (ids(end), end["pageInfo"]["hasPreviousPage"]) == (inside[-2:], True)
    assert ids(nothing) == []


async def test_the_rows_hold_what_makes_paging_hard(lists):
    executions = lists.rows[WorkflowExecutionRow]

    assert {row.completed_at for row in executions} > {None}
    assert len({row.completed_at for row in executions}) < len(executions)


async def test_nothing_is_a_page_too(shared_gql, lists):
    found = await page(shared_gql, "alerts", "TIME", "ASC", first=0)

    assert ids(found) == []
    assert found["pageInfo"]["hasNextPage"] is True
    assert found["pageInfo"]["hasPreviousPage"] is False


async def test_a_list_without_rows_has_no_pages(gql):
    for arguments in ({"first": 5}, {"last": 5}, {}):
        found = await page(gql, "alerts", "TIME", "ASC", **arguments)

        assert found == {
            "nodes": [],
            "edges": [],
            "pageInfo": {
                "hasNextPage": False,
                "hasPreviousPage": False,
                "startCursor": None,
                "endCursor": None,
            },
        }


async def test_rows_that_come_and_go_while_paging_move_no_others(gql, make):
    alerts = [await make.alert(time=NOON + timedelta(minutes=minute)) for minute in range(6)]
    first = await page(gql, "alerts", "TIME", "ASC", first=3)
    before = await make.alert(time=NOON - timedelta(hours=1))
    behind = await make.alert(time=NOON + timedelta(hours=1))
    await gql.db.repositories().alerts.delete(alerts[2].id)  # the one that the cursor names

    rest = await page(gql, "alerts", "TIME", "ASC", first=10, after=first["pageInfo"]["endCursor"])

    assert ids(first) == [f"alert_{alert.id}" for alert in alerts[:3]]
    assert ids(rest) == [f"alert_{row.id}" for row in [*alerts[3:], behind]]
    assert f"alert_{before.id}" not in ids(rest)


async def test_the_page_of_each_parent_begins_behind_the_same_place(gql, make):
    workflows = [await make.workflow() for _ in range(3)]
    for count, workflow in zip((0, 2, 5), workflows, strict=True):
        for minute in range(count):
            completed = None if minute == 4 else NOON + timedelta(minutes=minute // 2)
            await make.workflow_execution(workflow_id=workflow.id, completed_at=completed)
    query = """
        query($after: String) { workflows(orderBy: {field: NAME}) { nodes {
          executions(first: 2, after: $after, orderBy: {field: COMPLETED_AT}) {
            totalCount nodes { id completedAt } edges { cursor } pageInfo { hasNextPage hasPreviousPage }
          } } } }"""

    first = (await gql(query)).data["workflows"]["nodes"]
    statements = len(gql.statements)
    cursor = first[2]["executions"]["edges"][1]["cursor"]
    second = (await gql(query, after=cursor)).data["workflows"]["nodes"]

    assert [node["executions"]["totalCount"] for node in first] == [0, 2, 5]
    assert [len(node["executions"]["nodes"]) for node in first] == [0, 2, 2]
    assert [node["executions"]["pageInfo"]["hasNextPage"] for node in first] == [False, False, True]
    assert statements == 3  # the workflows, the pages and the counts of their runs
    noon_and_one = (NOON + timedelta(minutes=1)).isoformat()
    assert [row["completedAt"] for row in second[2]["executions"]["nodes"]] == [noon_and_one] * 2
    assert second[2]["executions"]["pageInfo"] == {"hasNextPage": True, "hasPreviousPage": True}


async def test_pages_of_a_parent_visit_each_of_its_rows_once(gql, make):
    mine, others = await make.workflow(), await make.workflow()
    expected = []
    for index in range(7):
        completed = None if index % 3 == 0 else NOON
        row = await make.workflow_execution(workflow_id=mine.id, completed_at=completed)
        await make.workflow_execution(workflow_id=others.id, completed_at=completed)
        expected.append((completed is None, row.id))
    query = """
        query($id: ID!, $before: String) { workflow(id: $id) {
          executions(last: 2, before: $before, orderBy: {field: COMPLETED_AT}) {
            nodes { databaseId } pageInfo { hasPreviousPage startCursor } } } }"""

    visited, before, more = [], None, True
    while more:
        answer = await gql(query, id=f"workflow_{mine.id}", before=before)
        found = answer.data["workflow"]["executions"]
        visited = [node["databaseId"] for node in found["nodes"]] + visited
        before, more = found["pageInfo"]["startCursor"], found["pageInfo"]["hasPreviousPage"]

    assert visited == [key for _, key in sorted(expected)]


async def test_lists_within_lists_may_not_come_to_more_rows_than_memory_holds(gql, make):
    for _ in range(3):
        workflow = await make.workflow()
        await make.workflow_execution(workflow_id=workflow.id)
    query = """query($each: Int) {
      workflows { nodes { name executions(first: $each) { nodes { status } } } }
      more: workflows { nodes { executions(first: $each) { totalCount nodes { status } } } } }"""

    fine = await gql(query, each=1_000)
    greedy = await gql(
        "{ " + " ".join(f"r{n}: energyReadings(first: 10000) {{ nodes {{ id }} }}" for n in range(11)) + " }"
    )

    assert fine.errors == []
    assert greedy.codes == ["QUERY_TOO_COMPLEX"]
    assert "110,000 rows" in greedy.errors[0]["message"]
