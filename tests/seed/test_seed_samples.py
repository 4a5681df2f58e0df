"""Sample rows whose form clients rely on; no database is needed."""

import re
from collections import Counter
from datetime import UTC, datetime
from itertools import combinations

import pytest

from ecoctrl_gql.seed.history import History
from ecoctrl_gql.seed.load import SITE_ZONE
from ecoctrl_gql.seed.objects import object_rows
from ecoctrl_gql.seed.widgets import LAYOUTS, card_data
from ecoctrl_gql.seed.workflows import sample_workflows

NOW = datetime(2026, 3, 18, 6, 25, tzinfo=UTC)


def test_point_codes_have_the_gateways_form_and_are_unique():
    codes = [row["code"] for row in object_rows(NOW)]

    assert all(re.fullmatch(r"[A-Z]_[0-9-]+_(AI|AV|BI|BV)_\d{4}", code) for code in codes)
    assert len(set(codes)) == len(codes)
    assert "C_5001_AI_0001" in codes


def test_the_cards_lie_within_16_columns_and_not_on_each_other():
    cells = {
        card["id"]: {
            (x, y)
            for x in range(card["x"], card["x"] + card["w"])
            for y in range(card["y"], card["y"] + card["h"])
        }
        for card in LAYOUTS
    }

    assert list(cells) == [
        "energy-total", "energy-cost", "carbon-emission", "energy-intensity", "load-status", "renewable-rate",
        "weather", "energy-chart", "energy-breakdown", "alerts-list", "devices-status", "ai-suggestions",
    ]  # fmt: skip
    assert {card["id"] for card in LAYOUTS if card["hidden"]} == {"energy-total", "renewable-rate"}
    assert all(1 <= x <= 16 and y >= 1 for places in cells.values() for x, y in places)
    assert all(not one & other for one, other in combinations(cells.values(), 2))


def test_the_figures_on_the_cards_agree():
    data = card_data(History(NOW, SITE_ZONE))
    figures = {key: data[key]["initData"].get("value") for key in data}
    shares = data["energy-breakdown"]["initData"]

    assert figures["energy-total"] == "24,897"
    assert figures["energy-cost"] == "20,416"
    assert figures["carbon-emission"] == "13,828"
    assert shares["total"] == sum(item["value"] for item in shares["items"])
    assert [point["label"] for point in data["energy-chart"]["initData"]["points"]][-1] == "13:00"
    assert len(data["weather"]["initData"]["forecast"]) == 5


@pytest.mark.parametrize("workflow", sample_workflows(), ids=lambda workflow: workflow["slug"])
def test_the_workflows_are_well_formed(workflow):
    check_graph(workflow["dsl"])
    assert workflow["dsl"]["version"] == "1.0"
    assert sum(scenario["share"] for scenario in workflow["runs"]["scenarios"]) == pytest.approx(1)
    assert workflow["runs"]["count"] >= 24


def check_graph(graph: dict) -> None:
    types = {node["id"]: node["type"] for node in graph["nodes"]}
    assert len(types) == len(graph["nodes"])
    assert Counter(types.values())["start"] == 1
    assert Counter(types.values())["end"] >= 1
    sources, targets = {e["source"] for e in graph["edges"]}, {e["target"] for e in graph["edges"]}
    assert sources | targets <= set(types)
    assert {node for node in types if types[node] != "end"} <= sources
    assert {node for node in types if types[node] != "start"} <= targets
    for node in graph["nodes"]:
        labels = {edge.get("label") for edge in graph["edges"] if edge["source"] == node["id"]}
        if node["type"] == "condition":
            assert labels == {"true", "false"}
        if node["type"] == "switch":
            assert labels == {case["value"] for case in node["config"]["cases"]} | {"default"}
        inner = {"loop": lambda config: [config["body"]], "parallel": lambda config: config["branches"]}
        for graph_within in inner.get(node["type"], lambda _: [])(node["config"]):
            check_graph(graph_within)


def test_what_needs_the_outside_is_off():
    """Else a fresh server would fail a run every quarter of an hour, or take webhooks with a known secret."""
    for workflow in sample_workflows():
        types = {node["type"] for node in workflow["dsl"]["nodes"]}
        outside = types & {"http_request", "email"} or workflow["dsl"]["trigger"]["type"] == "webhook"
        assert workflow["enabled"] is not bool(outside)
