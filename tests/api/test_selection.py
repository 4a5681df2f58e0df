"""What is read depends on what is selected, however the selection is written."""

import pytest

from ecoctrl_gql.db.records import attributes, light_columns
from tests.api.schema_walk import ROW_TYPES, column_fields, node_type_of, roots_of, table_name


def heavy_columns(row_type):
    """The columns of jsonb and long text, as SQL names them."""
    names = set(attributes(row_type)) - light_columns(row_type)
    return {f"{row_type.__tablename__}.{attributes(row_type)[name].name}" for name in names}


def read(gql) -> set[str]:
    """All columns that the last request read."""
    return {
        part.strip()
        for statement in gql.statements
        for part in statement.partition("FROM")[0].removeprefix("SELECT").split(",")
    }


def listed(row_type, selected: str) -> str:
    kind, root = next((kind, root) for kind, root in roots_of(row_type).items() if kind != "by_id")
    return (
        f"{{ {root} {{ nodes {{ {selected} }} }} }}"
        if kind == "connection"
        else f"{{ {root} {{ {selected} }} }}"
    )


@pytest.mark.parametrize("row_type", [*filter(roots_of, ROW_TYPES)], ids=table_name)
async def test_long_columns_are_read_only_when_selected(row_type, shared_gql, sample):
    names = column_fields(row_type)
    light = [field for field, name in names.items() if name in light_columns(row_type)]

    answer = await shared_gql(listed(row_type, " ".join(light)))

    assert answer.errors == []
    assert read(shared_gql) & heavy_columns(row_type) == set()
    for field in names.keys() - set(light):
        await shared_gql(listed(row_type, field))
        column = attributes(row_type)[names[field]].name
        assert read(shared_gql) & heavy_columns(row_type) == {f"{row_type.__tablename__}.{column}"}


def test_the_long_columns_are_known():
    assert {name for row_type in ROW_TYPES for name in heavy_columns(row_type)} >= {
        "alerts.message",
        "objects.metadata",
        "workflow_executions.result",
        "workflow_executions.trigger_data",
        "workflows.dsl",
    }


SPELLINGS = {
    "nodes": "{ workflows { nodes { name } } }",
    "edges": "{ workflows { edges { node { name } } } }",
    "both": "{ workflows { nodes { id } edges { node { name } } } }",
    "an alias": "{ dsl: workflows { updatedAt: nodes { version: name } } }",
    "a fragment": "{ workflows { ...page } } fragment page on WorkflowConnection { nodes { ...it } }"
    " fragment it on Workflow { name }",
    "an inline fragment": "{ workflows { ... { nodes { ... on Workflow { ... on Node { id } name } } } } }",
    "the same field twice": "{ workflows { nodes { id } } workflows { nodes { name } } }",
    "a condition": "{ workflows { nodes { name @include(if: true) } } }",
    "__typename": "{ workflows { nodes { __typename name } } }",
}


@pytest.mark.parametrize("spelling", SPELLINGS.values(), ids=SPELLINGS)
async def test_the_selection_is_found_however_it_is_written(spelling, shared_gql, sample):
    answer = await shared_gql(spelling)

    assert answer.errors == []
    assert len(next(iter(answer.data.values())).popitem()[1]) == len(sample.rows[workflow_row()])
    assert read(shared_gql) == {"workflows.id", "workflows.name", "workflows.updated_at"}


def workflow_row():
    return next(row_type for row_type in ROW_TYPES if row_type.__tablename__ == "workflows")


async def test_what_a_directive_leaves_out_is_not_shown(shared_gql, sample):
    query = "query($with: Boolean!) { workflows(first: 1) { nodes { name dsl @include(if: $with) } } }"

    without = await shared_gql(query, **{"with": False})
    within = await shared_gql(query, **{"with": True})

    assert list(without.data["workflows"]["nodes"][0]) == ["name"]
    assert list(within.data["workflows"]["nodes"][0]) == ["name", "dsl"]


async def test_two_operations_of_a_document_read_what_each_selects(shared_gql, sample):
    document = (
        "query Names { workflows { ...page } } query Definitions { workflows { nodes { dsl } } }"
        " fragment page on WorkflowConnection { nodes { name } }"
    )
    for operation, column in (("Names", "name"), ("Definitions", "dsl"), ("Names", "name")):
        shared_gql.statements.clear()
        body = {"query": document, "operationName": operation}
        response = await shared_gql.http.post("/graphql", json=body, headers=shared_gql.headers)

        assert response.json()["data"]["workflows"]["nodes"][0].keys() == {column}
        assert read(shared_gql) == {"workflows.id", f"workflows.{column}", "workflows.updated_at"}


async def test_the_same_relation_selected_differently_twice_reads_both(shared_gql, sample):
    query = "{ workflows { nodes { a: user { username } b: user { avatarUrl } } } }"

    answer = await shared_gql(query)

    assert answer.errors == []
    assert len(shared_gql.statements) == 3
    assert all(node["a"].keys() == {"username"} for node in answer.data["workflows"]["nodes"])
    assert all(node["b"].keys() == {"avatarUrl"} for node in answer.data["workflows"]["nodes"])


async def test_interfaces_read_the_columns_of_each_type(shared_gql, sample):
    ids = [sample.ids(row_type)[0] for row_type in ROW_TYPES]
    fragments = " ".join(
        f"... on {node_type_of(row_type).name} {{ {alias(row_type, field)} }}"
        for row_type in ROW_TYPES
        for field in [next(iter(column_fields(row_type)))]
    )

    answer = await shared_gql(
        f"query($ids: [ID!]!) {{ nodes(ids: $ids) {{ __typename id {fragments} }} }}", ids=ids
    )

    assert answer.errors == []
    assert [node["id"] for node in answer.data["nodes"]] == ids
    assert [node["__typename"] for node in answer.data["nodes"]] == [
        node_type_of(row_type).name for row_type in ROW_TYPES
    ]
    assert len(shared_gql.statements) == len(ROW_TYPES)


def alias(row_type, field: str) -> str:
    """Fields of one name and several types need several names in an answer."""
    return f"{row_type.__tablename__}: {field}"


async def test_a_count_alone_is_one_statement(shared_gql, sample):
    answer = await shared_gql("{ workflows { totalCount } }")

    assert answer.data == {"workflows": {"totalCount": len(sample.rows[workflow_row()])}}
    assert len(shared_gql.statements) == 1
    assert "count(*)" in shared_gql.statements[0]


async def test_nothing_is_counted_unless_selected(shared_gql, sample):
    await shared_gql("{ workflows { nodes { id } pageInfo { hasNextPage endCursor } } }")

    assert len(shared_gql.statements) == 1
    assert "count(*)" not in shared_gql.statements[0]


async def test_the_page_and_its_count_are_two_statements(shared_gql, sample):
    await shared_gql("{ workflows { totalCount edges { cursor } } }")

    assert len(shared_gql.statements) == 2


async def test_nothing_selected_of_a_list_reads_nothing(shared_gql, sample):
    answer = await shared_gql("{ workflows { __typename } }")

    assert answer.data == {"workflows": {"__typename": "WorkflowConnection"}}
    assert shared_gql.statements == []
