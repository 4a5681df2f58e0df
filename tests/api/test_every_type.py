"""Each type of a table, whatever its fields: what the API gives of a row is what the row holds."""

from datetime import date, datetime
from typing import Any

import pytest

from ecoctrl_gql.api.node import owner_of
from ecoctrl_gql.db.columns import column_facts
from ecoctrl_gql.db.enums import TextEnum
from ecoctrl_gql.db.records import key_name
from tests.api.database_sample import CANARY, id_of
from tests.api.schema_walk import (
    ROW_TYPES,
    column_fields,
    leaf_fields,
    node_type_of,
    roots_of,
    table_name,
)
from tests.conftest import SOMEBODY

every_table = pytest.mark.parametrize("row_type", ROW_TYPES, ids=table_name)

COMPUTED = {
    "ApiKey": {"allowedOperations": ["alerts", "createAlert"]},
    "FaultStats": {"from": None, "to": None},  # the snapshot's, which is about all faults
    "IotToken": {"valid": False},  # the sample's expired in 2004
    "PlatformConfig": {"smtpPassSet": True},
    "Session": {"current": False},
    "WorkflowExecution": {"output": None},
}

OF_DEFINITIONS = {
    "Workflow": lambda row: {
        "dsl": row.dsl,
        "draft": row.draft,
        "hasDraft": True,
        "nextRuns": [],
        "triggerTypes": ["MANUAL"],
        "tags": [],
    },
    "WorkflowVersion": lambda row: {"dsl": row.dsl},
}
"""What is worked out from the definition of a workflow, which holds no secret here."""

OF_THE_CALLER = {"apiKeys", "mySessions"}
"""Roots that list what is the caller's own, though administrators may read that of others."""

NEVER_CHANGED = {"audit_entries"}


def shown(row_type: Any, name: str, value: Any) -> Any:
    """A column's value as the API writes it."""
    kind = column_facts(row_type, name).kind
    if isinstance(value, datetime | date):
        return value.isoformat()
    if issubclass(kind, TextEnum):
        return kind(value).name
    return value


def expected(row_type: Any, row: Any) -> dict[str, Any]:
    columns = column_fields(row_type)
    values = {field: shown(row_type, name, getattr(row, name)) for field, name in columns.items()}
    name = node_type_of(row_type).name
    of_definition = OF_DEFINITIONS.get(name, lambda _: {})(row)
    return values | {"id": id_of(row_type, row)} | COMPUTED.get(name, {}) | of_definition


@every_table
async def test_node_gives_every_value(row_type, shared_gql, sample):
    row = sample.rows[row_type][0]
    query = f"query($id: ID!) {{ node(id: $id) {{ {selection(row_type)} }} }}"

    answer = await shared_gql(query, id=id_of(row_type, row))

    assert answer.errors == []
    assert answer.data["node"] == expected(row_type, row)
    assert len(shared_gql.statements) == 1


def selection(row_type: Any) -> str:
    return f"... on {node_type_of(row_type).name} {{ {' '.join(leaf_fields(row_type))} }}"


@every_table
async def test_each_root_gives_every_value(row_type, shared_gql, sample):
    rows = sample.rows[row_type]
    for kind, root in roots_of(row_type).items():
        answer = await shared_gql(root_query(kind, root, row_type), id=id_of(row_type, rows[0]))

        assert answer.errors == []
        assert len(shared_gql.statements) == 1
        if kind in ("by_id", "only"):
            assert answer.data[root] == expected(row_type, rows[0])
        elif root in OF_THE_CALLER:
            assert by_id(answer.data[root]) == by_id(
                [expected(row_type, row) for row in rows if row.user_id == SOMEBODY.user_id]
            )
        else:
            found = answer.data[root] if kind == "list" else answer.data[root]["nodes"]
            assert by_id(found) == by_id([expected(row_type, row) for row in rows])


def by_id(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(found, key=lambda each: each["id"])


def root_query(kind: str, root: str, row_type: Any) -> str:
    fields = " ".join(leaf_fields(row_type))
    match kind:
        case "by_id":
            return f"query($id: ID!) {{ {root}(id: $id) {{ {fields} }} }}"
        case "connection":
            return f"{{ {root} {{ nodes {{ {fields} }} }} }}"
        case _:
            return f"{{ {root} {{ {fields} }} }}"


def optional(row_type: Any) -> dict[str, str]:
    """The fields of columns that can be empty, with the attribute's name."""
    fields = column_fields(row_type).items()
    return {field: name for field, name in fields if column_facts(row_type, name).nullable}


@pytest.mark.parametrize(
    "row_type",
    [row for row in ROW_TYPES if optional(row) and row.__tablename__ not in NEVER_CHANGED],
    ids=table_name,
)
async def test_what_is_empty_is_null(row_type, shared_gql, sample):
    fields, row = optional(row_type), sample.rows[row_type][-1]
    repository, key = shared_gql.db.repositories().of(row_type), getattr(row, key_name(row_type))
    query = f"query($id: ID!) {{ node(id: $id) {{ {selection(row_type)} }} }}"
    await repository.update(key, **dict.fromkeys(fields.values()))
    try:
        answer = await shared_gql(query, id=id_of(row_type, row))
    finally:
        await repository.update(key, **{name: getattr(row, name) for name in fields.values()})

    assert answer.errors == []
    assert {answer.data["node"][field] for field in fields} == {None}


@every_table
async def test_only_the_columns_of_the_selected_field_are_read(row_type, shared_gql, sample):
    type_, row = node_type_of(row_type).name, sample.rows[row_type][0]
    table, columns = row_type.__tablename__, row_type.__table__.columns
    key = key_name(row_type)
    for field, name in column_fields(row_type).items():
        query = f"query($id: ID!) {{ node(id: $id) {{ ... on {type_} {{ {field} }} }} }}"
        await shared_gql(query, id=id_of(row_type, row))

        read = shared_gql.statements[0].partition("FROM")[0].removeprefix("SELECT")
        owned = owner_of(row_type)
        needed = {key, name} if owned is None or owned.others else {key, name, owned.by}
        wanted = {columns[attribute_column(row_type, each)] for each in needed}
        assert {part.strip() for part in read.split(",")} == {f"{table}.{column.name}" for column in wanted}


def attribute_column(row_type: Any, name: str) -> str:
    return getattr(row_type, name).property.columns[0].name


async def test_no_answer_holds_a_secret(shared_gql, sample):
    for row_type in ROW_TYPES:
        query = f"query($ids: [ID!]!) {{ nodes(ids: $ids) {{ {selection(row_type)} }} }}"
        answer = await shared_gql(query, ids=sample.ids(row_type))

        assert len(answer.data["nodes"]) == len(sample.ids(row_type))
        assert CANARY not in str(answer.data)
