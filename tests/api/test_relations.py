"""Every field that leads from table to table: right rows, and one statement for all parents."""

from typing import Any

import pytest

from ecoctrl_gql.api.node import READS
from ecoctrl_gql.db.records import key_name
from ecoctrl_gql.db.tables import WorkflowRow
from tests.api.database_sample import id_of
from tests.api.schema_walk import (
    column_fields,
    definition,
    factory_name,
    foreign_key,
    is_plural,
    listed_type,
    node_type_of,
    relations,
    target_of,
)


def in_words(value: Any) -> str:
    return getattr(value, "__tablename__", value)


every_relation = pytest.mark.parametrize(("row_type", "name"), relations(), ids=in_words)


def by_own_key(relation: tuple[Any, str]) -> bool:
    """Whether the parent itself holds the foreign key."""
    row_type, name = relation
    return own_key(node_type_of(row_type).fields[name]) is not None


def own_key(field: Any) -> str | None:
    """The parent's foreign key that a relation reads; None where the other side refers to the parent."""
    return next(iter(definition(field).metadata.get(READS, ())), None)


def can_be_empty(relation: tuple[Any, str]) -> bool:
    row_type, name = relation
    if (row_type, name) == (WorkflowRow, "versions"):
        return False  # the database keeps the first one by itself
    field = node_type_of(row_type).fields[name]
    return is_plural(field) or not str(field.type).endswith("!")


def below(row_type: Any, name: str, selected: str) -> str:
    """The selection of a relation."""
    field = node_type_of(row_type).fields[name]
    return f"{name} {{ nodes {{ {selected} }} }}" if listed_type(field) else f"{name} {{ {selected} }}"


def query(row_type: Any, selected: str) -> str:
    type_ = node_type_of(row_type).name
    return f"query($ids: [ID!]!) {{ nodes(ids: $ids) {{ ... on {type_} {{ {selected} }} }} }}"


def some_value(row_type: Any) -> str:
    """A field that shows a column which is neither the key nor of the kind that is read late."""
    return next(field for field, name in column_fields(row_type).items() if name != key_name(row_type))


def expected_ids(sample: Any, row_type: Any, name: str, parent: Any) -> Any:
    """The ids that a relation leads to, by the foreign keys of the rows that the test made."""
    field = node_type_of(row_type).fields[name]
    target = target_of(field)
    own, theirs = own_key(field), foreign_key(target, row_type)
    if own:
        return [
            id_of(target, row) for row in sample.rows[target] if row_key(target, row) == getattr(parent, own)
        ]
    key = row_key(row_type, parent)
    return [id_of(target, row) for row in sample.rows[target] if getattr(row, theirs) == key]


def row_key(row_type: Any, row: Any) -> Any:
    return getattr(row, key_name(row_type))


def related(sample: Any, row_type: Any, name: str) -> list[Any]:
    """Three rows that a relation leads somewhere from."""
    found = [row for row in sample.rows[row_type] if expected_ids(sample, row_type, name, row)]
    assert len(found) >= 3, f"the sample lacks rows for {node_type_of(row_type).name}.{name}"
    return found[:3]


@every_relation
async def test_a_relation_gives_what_the_foreign_keys_say(row_type, name, shared_gql, sample):
    parents = related(sample, row_type, name)
    ids = [id_of(row_type, parent) for parent in parents]

    answer = await shared_gql(query(row_type, below(row_type, name, "id")), ids=ids)

    assert answer.errors == []
    for parent, given in zip(parents, answer.data["nodes"], strict=True):
        found = given[name]
        found = found["nodes"] if isinstance(found, dict) and "nodes" in found else found
        rows = found if isinstance(found, list) else [found]
        assert sorted(row["id"] for row in rows) == sorted(expected_ids(sample, row_type, name, parent))


@every_relation
async def test_a_relation_takes_one_statement_for_all_parents(row_type, name, shared_gql, sample):
    field = node_type_of(row_type).fields[name]
    ids = [id_of(row_type, parent) for parent in related(sample, row_type, name)]
    await shared_gql(query(row_type, "databaseId"), ids=ids)
    before = len(shared_gql.statements)

    answer = await shared_gql(
        query(row_type, below(row_type, name, f"id {some_value(target_of(field))}")), ids=ids
    )

    assert answer.errors == []
    assert None not in [given[name] for given in answer.data["nodes"]]
    assert len(shared_gql.statements) == before + 1


@pytest.mark.parametrize(("row_type", "name"), [*filter(by_own_key, relations())], ids=in_words)
async def test_the_id_behind_a_foreign_key_takes_no_statement(row_type, name, shared_gql, sample):
    ids = [id_of(row_type, parent) for parent in related(sample, row_type, name)]

    answer = await shared_gql(query(row_type, f"{name} {{ __typename id databaseId }}"), ids=ids)

    assert None not in [given[name]["databaseId"] for given in answer.data["nodes"]]
    assert len(shared_gql.statements) == 1


@pytest.mark.parametrize(("row_type", "name"), [*filter(can_be_empty, relations())], ids=in_words)
async def test_a_relation_that_leads_nowhere_is_null_or_empty(row_type, name, gql, make):
    row = await getattr(make, factory_name(row_type))()

    answer = await gql(query(row_type, below(row_type, name, "id")), ids=[id_of(row_type, row)])

    assert answer.errors == []
    assert answer.data["nodes"][0][name] in (None, [], {"nodes": []})


def test_there_are_relations_of_every_kind():
    names = {f"{node_type_of(row_type).name}.{name}" for row_type, name in relations()}

    assert names >= {
        "User.workflows",
        "User.settings",
        "Workflow.user",
        "CarbonFactorNode.parent",
        "CarbonFactorNode.children",
        "EnergyArea.readings",
    }
