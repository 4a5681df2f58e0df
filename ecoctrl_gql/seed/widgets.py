"""The dashboard's twelve cards, with first data that fits the sample readings."""

from typing import Any

from ecoctrl_gql.db.enums import WidgetDataType
from ecoctrl_gql.seed.card_figures import breakdown, day_curve, stat_cards, weather
from ecoctrl_gql.seed.card_lists import alert_items, device_items, suggestion_items
from ecoctrl_gql.seed.history import History
from ecoctrl_gql.seed.noise import sample_key
from ecoctrl_gql.seed.rows import Row

STAT, CHART, LIST = WidgetDataType.STAT, WidgetDataType.CHART, WidgetDataType.LIST

Card = tuple[str, str, WidgetDataType, int, int, int, int, bool]
"""Metric key, icon, kind, first column, first row, width, height, hidden."""

CARDS: tuple[Card, ...] = (
    ("energy-total", "zap", STAT, 1, 11, 4, 2, True),
    ("energy-cost", "banknote", STAT, 1, 1, 4, 2, False),
    ("carbon-emission", "leaf", STAT, 5, 1, 4, 2, False),
    ("energy-intensity", "gauge", STAT, 9, 1, 4, 2, False),
    ("load-status", "activity", STAT, 13, 1, 4, 2, False),
    ("renewable-rate", "sun", STAT, 5, 11, 4, 2, True),
    ("weather", "cloud-sun", WidgetDataType.WEATHER, 13, 3, 4, 4, False),
    ("energy-chart", "chart-area", CHART, 1, 3, 8, 4, False),
    ("energy-breakdown", "chart-pie", CHART, 9, 3, 4, 4, False),
    ("alerts-list", "bell", LIST, 1, 7, 6, 4, False),
    ("devices-status", "cpu", LIST, 7, 7, 5, 4, False),
    ("ai-suggestions", "lightbulb", LIST, 12, 7, 5, 4, False),
)

LAYOUTS = [
    {"id": key, "x": x, "y": y, "w": width, "h": height, "hidden": hidden}
    for key, _, _, x, y, width, height, hidden in CARDS
]
"""The cards' places, in the form of the user settings' ``bentoLayout``."""


def widget_rows(history: History) -> list[Row]:
    data = card_data(history)
    return [
        {
            "id": sample_key("dashboard_widgets", key),
            "metric_key": key,
            "icon": icon,
            "data_type": kind,
            "data_json": data[key],
            "layout_x": x,
            "layout_y": y,
            "layout_w": width,
            "layout_h": height,
            "hidden": hidden,
            "sort_order": number,
        }
        for number, (key, icon, kind, x, y, width, height, hidden) in enumerate(CARDS)
    ]


def card_data(history: History) -> dict[str, dict[str, Any]]:
    """How to draw each card, and its first data, by metric key."""
    return {
        **stat_cards(history),
        "weather": {"initData": weather(history)},
        "energy-chart": {"chartType": "area", "unit": "kWh", "initData": {"points": day_curve(history)}},
        "energy-breakdown": {"chartType": "donut", "unit": "kWh", "initData": breakdown(history)},
        "alerts-list": {"listType": "alerts", "initData": {"items": alert_items(history.now)}},
        "devices-status": {"listType": "devices", "initData": {"items": device_items()}},
        "ai-suggestions": {"listType": "suggestions", "initData": {"items": suggestion_items()}},
    }
