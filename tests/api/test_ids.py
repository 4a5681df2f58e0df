"""Global ids: what they lead to, and what is said of those that lead nowhere."""

from uuid import uuid4

import pytest

from tests.api.schema_walk import ROW_TYPES, factory_name, is_single, node_type_of, roots_of, table_name

NODES = "query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }"
NODE = "query($id: ID!) { node(id: $id) { id } }"


async def test_nodes_keeps_the_order_and_says_null_for_what_is_not_there(shared_gql, sample):
    known = [sample.ids(row_type)[0] for row_type in ROW_TYPES]
    unknown = [f"alert_{uuid4()}", "energy_area_2147483647"]
    ids = [*known[::-1], unknown[0], *known[:3], unknown[1], known[0]]

    answer = await shared_gql(NODES, ids=ids)

    assert answer.errors == []
    assert [node and node["id"] for node in answer.data["nodes"]] == [
        None if id_ in unknown else id_ for id_ in ids
    ]
    assert len(shared_gql.statements) == len(ROW_TYPES)


async def test_the_same_node_twice_is_read_once(shared_gql, sample):
    id_ = sample.ids(ROW_TYPES[0])[0]

    answer = await shared_gql(NODES, ids=[id_, id_])

    assert [node["id"] for node in answer.data["nodes"]] == [id_, id_]
    assert len(shared_gql.statements) == 1


async def test_no_ids_are_no_nodes(shared_gql):
    assert (await shared_gql(NODES, ids=[])).data == {"nodes": []}
    assert shared_gql.statements == []


async def test_nodes_takes_a_hundred_ids(shared_gql):
    ids = [f"alert_{uuid4()}" for _ in range(100)]

    within = await shared_gql(NODES, ids=ids)
    beyond = await shared_gql(NODES, ids=[*ids, ids[0]])

    assert within.data == {"nodes": [None] * 100}
    assert [error["message"] for error in beyond.errors] == ["nodes takes 100 ids, not 101."]
    assert beyond.codes == ["BAD_USER_INPUT"]


BY_ID = [row_type for row_type in ROW_TYPES if "by_id" in roots_of(row_type)]


def unknown_key(row_type) -> str:
    return "2147483647" if str(node_type_of(row_type).fields["databaseId"].type) == "Int!" else str(uuid4())


@pytest.mark.parametrize("row_type", ROW_TYPES, ids=table_name)
async def test_an_unknown_id_gives_null(row_type, shared_gql):
    id_ = f"{factory_name(row_type)}_{unknown_key(row_type)}"
    queries = ["query($id: ID!) { found: node(id: $id) { id } }"]
    if row_type in BY_ID:
        queries.append(
            f"query($id: ID!) {{ found: {roots_of(row_type)['by_id']}(id: $id) {{ id databaseId }} }}"
        )
    for query in queries:
        answer = await shared_gql(query, id=id_)

        assert (answer.data, answer.errors) == ({"found": None}, [])
        assert len(shared_gql.statements) == 1


@pytest.mark.parametrize("row_type", [row for row in ROW_TYPES if is_single(row)], ids=table_name)
async def test_a_table_without_its_row_gives_null(row_type, gql):
    answer = await gql(f"{{ found: {roots_of(row_type)['only']} {{ id }} }}")

    assert (answer.data, answer.errors) == ({"found": None}, [])


@pytest.mark.parametrize("row_type", BY_ID, ids=table_name)
async def test_an_id_of_another_type_is_refused_by_name(row_type, shared_gql):
    other = "Fault" if node_type_of(row_type).name == "Alert" else "Alert"
    root = roots_of(row_type)["by_id"]

    answer = await shared_gql(
        f"query($id: ID!) {{ {root}(id: $id) {{ id }} }}", id=f"{other.lower()}_{uuid4()}"
    )

    expected = f"An id of type {node_type_of(row_type).name} is expected; this is one of type {other}."
    assert [error["message"] for error in answer.errors] == [expected]
    assert answer.codes == ["BAD_USER_INPUT"]
    assert shared_gql.statements == []


MALFORMED = [
    "",
    "_",
    "x",
    "alert",
    "alert_",
    "alert_1",
    "alert_0b0f36ba",
    "alert_0b0f36ba-5d3a-4b6e-9f0a-7b1d7c3c9f5g",
    "alerts_0b0f36ba-5d3a-4b6e-9f0a-7b1d7c3c9f52",
    "Alert_0b0f36ba-5d3a-4b6e-9f0a-7b1d7c3c9f52",
    "alert-0b0f36ba-5d3a-4b6e-9f0a-7b1d7c3c9f52",
    "0b0f36ba-5d3a-4b6e-9f0a-7b1d7c3c9f52",
    "node_1",
    "energy_area_",
    "energy_area_-1",
    "energy_area_1.0",
    "energy_area_1e3",
    "energy_area_2147483648",
    "energy_area_" + "9" * 5000,
    "energy_area_١",
    "energy_area_1 ",
    "energy_area_1\0",
    "query_1",
    "👾",
]


@pytest.mark.parametrize("text", MALFORMED, ids=lambda text: ascii(text[:30]))
async def test_what_is_no_id_is_refused(text, shared_gql):
    for query in (NODE, "query($id: ID!) { nodes(ids: [$id]) { id } }"):
        answer = await shared_gql(query, id=text)

        assert [error["message"] for error in answer.errors] == ["This is no id of this API."]
        assert answer.codes == ["BAD_USER_INPUT"]

    answer = await shared_gql("query($id: ID!) { alert(id: $id) { id } }", id=text)

    assert answer.codes == ["BAD_USER_INPUT"]
    assert answer.errors[0]["message"].startswith("An id of type Alert is expected")
    assert shared_gql.statements == []


async def test_an_id_is_written_one_way_however_it_was_asked_for(gql, make):
    alert, area = await make.alert(), await make.energy_area()
    shouted = f"alert_{alert.id.upper()}"

    answer = await gql(NODES, ids=[shouted, f"energy_area_000{area.id}"])

    assert [node["id"] for node in answer.data["nodes"]] == [f"alert_{alert.id}", f"energy_area_{area.id}"]


async def test_a_number_is_an_id_of_nothing(shared_gql):
    answer = await shared_gql("{ alert(id: 7) { id } }")

    assert answer.codes == ["BAD_USER_INPUT"]
