"""The tree of carbon factors as a whole."""

import pytest

TREE = """query($root: ID) { carbonFactorTree(rootId: $root) {
  depth node { name databaseId } } }"""


async def chain(make, depth: int) -> list:
    nodes = [await make.carbon_factor_node(name="0")]
    for level in range(1, depth):
        nodes.append(await make.carbon_factor_node(name=str(level), parent_id=nodes[-1].id))
    return nodes


async def test_a_tree_of_any_depth_takes_one_statement(gql, make):
    await chain(make, 30)

    answer = await gql(TREE)

    items = [(item["depth"], item["node"]["name"]) for item in answer.data["carbonFactorTree"]]
    assert items == [(depth, str(depth)) for depth in range(30)]
    assert len(gql.statements) == 1


async def test_each_node_comes_before_its_children_and_siblings_in_their_order(gql, make):
    second = await make.carbon_factor_node(name="B", sort_order=2)
    first = await make.carbon_factor_node(name="A", sort_order=1)
    for name, parent, order in (("A2", first, 9), ("A1", first, -1), ("B1", second, 0)):
        await make.carbon_factor_node(name=name, parent_id=parent.id, sort_order=order)

    answer = await gql(TREE)

    items = [(item["depth"], item["node"]["name"]) for item in answer.data["carbonFactorTree"]]
    assert items == [(0, "A"), (1, "A1"), (1, "A2"), (0, "B"), (1, "B1")]


async def test_the_tree_can_begin_at_a_node(gql, make):
    nodes = await chain(make, 4)
    await make.carbon_factor_node(name="elsewhere")

    answer = await gql(TREE, root=f"carbon_factor_node_{nodes[2].id}")

    items = [(item["depth"], item["node"]["name"]) for item in answer.data["carbonFactorTree"]]
    assert items == [(0, "2"), (1, "3")]


async def test_a_node_that_is_not_there_has_no_tree(gql, make):
    await chain(make, 2)

    answer = await gql(TREE, root="carbon_factor_node_0b0f36ba-5d3a-4b6e-9f0a-7b1d7c3c9f52")

    assert answer.data == {"carbonFactorTree": []}


async def test_an_id_of_another_type_is_no_root(gql, make):
    answer = await gql(TREE, root="carbon_factor_0b0f36ba-5d3a-4b6e-9f0a-7b1d7c3c9f52")

    assert answer.codes == ["BAD_USER_INPUT"]


async def test_a_circle_is_shown_once_round(gql, make):
    root = await make.carbon_factor_node(name="root")
    first, second = await chain(make, 2)
    await gql.db.repositories().carbon_factor_nodes.update(first.id, parent_id=second.id)

    whole = await gql(TREE)
    around = await gql(TREE, root=f"carbon_factor_node_{second.id}")

    assert [item["node"]["databaseId"] for item in whole.data["carbonFactorTree"]] == [root.id]
    assert [item["node"]["name"] for item in around.data["carbonFactorTree"]] == ["1", "0"]


async def test_factors_of_the_whole_tree_take_one_statement_more(gql, make):
    for _ in range(3):
        factor = await make.carbon_factor(value=0.5)
        await make.carbon_factor_node(factor_id=factor.id)
    await make.carbon_factor_node()

    answer = await gql("{ carbonFactorTree { node { factor { value unit } } } }")

    values = [item["node"]["factor"] for item in answer.data["carbonFactorTree"]]
    assert sorted(value is None for value in values) == [False, False, False, True]
    assert len(gql.statements) == 2


@pytest.mark.parametrize("depth", [1, 2, 3])
async def test_nested_children_take_one_statement_a_level(depth, gql, make):
    for _ in range(3):
        await chain(make, 4)
    selection = "name"
    for _ in range(depth):
        selection = f"name children {{ {selection} }}"

    answer = await gql(
        f'{{ carbonFactorNodes(filter: {{name: {{eq: "0"}}}}) {{ nodes {{ {selection} }} }} }}'
    )

    level = answer.data["carbonFactorNodes"]["nodes"]
    for expected in range(depth + 1):
        assert [node["name"] for node in level] == [str(expected)] * 3
        level = [child for node in level for child in node.get("children", ())]
    assert len(gql.statements) == depth + 1
