"""The carbon factors and the tree that files them, from ``content/carbon_factors.json``."""

from collections.abc import Iterator
from typing import Any

from ecoctrl_gql.seed.content import load_json
from ecoctrl_gql.seed.noise import sample_key
from ecoctrl_gql.seed.rows import Row

_DATA = load_json("carbon_factors.json")
_GRID = _DATA["grid"]

GRAMS_PER_KG = 1000


def grid_factor(province: str) -> float:
    """The average emissions of a province's electricity, in kg CO₂ per kWh."""
    grams: dict[str, float] = _GRID["gramsPerKwh"]
    return round(grams[province] / GRAMS_PER_KG, 6)


BEIJING_KG_PER_KWH = grid_factor("CN-BJ")


def factor_rows() -> list[Row]:
    return [*_grid_factors(), *_other_factors()]


def _grid_factors() -> Iterator[Row]:
    for code in _GRID["gramsPerKwh"]:
        yield _factor(
            code,
            f"Grid electricity, {_GRID['names'][code]}",
            grid_factor(code),
            "kWh",
            "Electricity",
            _GRID["source"],
        )


def _other_factors() -> Iterator[Row]:
    for factor in _DATA["factors"]:
        yield _factor(
            factor["key"],
            factor["name"],
            factor["value"],
            factor["unit"],
            factor["category"],
            _DATA["sources"][factor["source"]],
        )


def _factor(key: str, name: str, value: float, unit: str, category: str, source: str) -> Row:
    return {
        "id": sample_key("carbon_factors", key),
        "name": name,
        "value": value,
        "unit": unit,
        "category": category,
        "source": source,
    }


def node_rows() -> list[Row]:
    """The tree's nodes, parents before their children."""
    names = {row["id"]: row["name"] for row in factor_rows()}
    provinces = {sample_key("carbon_factors", code): name for code, name in _GRID["names"].items()}
    return list(_nodes(_DATA["tree"], None, "", names | provinces))


def _nodes(tree: Any, parent_id: str | None, path: str, names: dict[str, str]) -> Iterator[Row]:
    """A branch is an object of branches by name, or a list of the keys of factors."""
    for place, name in enumerate(tree):
        factor_id = sample_key("carbon_factors", name) if isinstance(tree, list) else None
        node: Row = {
            "id": sample_key("carbon_factor_nodes", f"{path}/{name}"),
            "parent_id": parent_id,
            "factor_id": factor_id,
            "name": names[factor_id] if factor_id else name,
            "sort_order": place,
        }
        yield node
        if factor_id is None:
            yield from _nodes(tree[name], node["id"], f"{path}/{name}", names)
