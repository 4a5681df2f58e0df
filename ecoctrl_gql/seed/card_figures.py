"""The figures on the dashboard's cards, computed from the sample readings."""

from datetime import timedelta
from typing import Any

from ecoctrl_gql.seed.campus import AREAS
from ecoctrl_gql.seed.carbon import BEIJING_KG_PER_KWH
from ecoctrl_gql.seed.climate import outdoor_temperature_c
from ecoctrl_gql.seed.history import History
from ecoctrl_gql.seed.load import SITE_ZONE
from ecoctrl_gql.seed.noise import uniform

TARIFF_CNY_PER_KWH = 0.82
RENEWABLE_PERCENT = 18.0
"""Bought by contract, hence the same at any hour."""

SPARKLINE_HOURS = 12
CONDITIONS = ("sunny", "sunny", "cloudy", "cloudy", "rainy")
FREEZING_C = 0.0


def stat_cards(history: History) -> dict[str, dict[str, Any]]:
    today, trend = history.day_kwh(), _trend(history)
    month = sum(history.month_kwh(area) for area in AREAS)
    load_percent = 100 * history.site_kwh[-1] / sum(area.rated_kw for area in AREAS)
    recent = history.site_kwh[-SPARKLINE_HOURS:]
    return {
        "energy-total": _stat(today, 0, "kWh", "#38bdf8", recent, trend),
        "energy-cost": _stat(
            today * TARIFF_CNY_PER_KWH, 0, "CNY", "#f59e0b", recent, trend, TARIFF_CNY_PER_KWH
        ),
        "carbon-emission": _stat(
            today * BEIJING_KG_PER_KWH, 0, "kg", "#22c55e", recent, trend, BEIJING_KG_PER_KWH
        ),
        "energy-intensity": _stat(
            month / sum(area.floor_m2 for area in AREAS), 2, "kWh/m²", "#a78bfa", recent
        ),
        "load-status": _stat(load_percent, 1, "%", "#06b6d4", recent),
        "renewable-rate": _stat(RENEWABLE_PERCENT, 1, "%", "#84cc16", []),
    }


def _stat(
    value: float,
    digits: int,
    unit: str,
    color: str,
    recent: list[float],
    trend: float | None = None,
    factor: float = 1.0,
) -> dict[str, Any]:
    data: dict[str, Any] = {"value": f"{value:,.{digits}f}"}
    if recent:
        data["sparkline"] = [round(kwh * factor, 1) for kwh in recent]
    if trend is None:
        return {"unit": unit, "sparklineColor": color, "initData": data}
    data["trend"] = f"{trend:+.1f}%"
    return {
        "unit": unit,
        "sparklineColor": color,
        "footerKey": "comparedToYesterday",
        "trendDirection": "bad" if trend > 0 else "good",
        "initData": data,
    }


def _trend(history: History) -> float:
    """Today against yesterday by the same time, in percent; 0 in the first hour of a day."""
    yesterday = history.day_kwh(days_ago=1)
    return 100 * (history.day_kwh() - yesterday) / yesterday if yesterday else 0.0


def day_curve(history: History) -> list[dict[str, Any]]:
    """The campus' last 24 hours."""
    return [
        {"label": f"{hour.astimezone(history.zone):%H:%M}", "value": round(kwh, 1)}
        for hour, kwh in zip(history.hours[-24:], history.site_kwh[-24:], strict=True)
    ]


def breakdown(history: History) -> dict[str, Any]:
    """The areas' shares of the month so far."""
    items = [
        {"label": area.title, "value": round(history.month_kwh(area)), "color": area.color} for area in AREAS
    ]
    return {"total": sum(round(history.month_kwh(area)) for area in AREAS), "items": items}


def weather(history: History) -> dict[str, Any]:
    now = history.now.astimezone(SITE_ZONE)
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    temperature = outdoor_temperature_c(now.replace(minute=0, second=0, microsecond=0))
    forecast = []
    for day in (midnight + timedelta(days=number) for number in range(1, 6)):
        hours = [outdoor_temperature_c(day + timedelta(hours=hour)) for hour in range(24)]
        low, high = round(min(hours)), round(max(hours))
        forecast.append(
            {"day": f"{day:%a}", "high": high, "low": low, "condition": _condition(day.date(), high)}
        )
    return {
        "location": "Beijing",
        "currentTemp": round(temperature),
        "unit": "C",
        "condition": _condition(now.date(), temperature),
        "forecast": forecast,
    }


def _condition(day: object, temperature_c: float) -> str:
    condition = CONDITIONS[int(uniform("sky", day) * len(CONDITIONS))]
    return "snowy" if condition == "rainy" and temperature_c < FREEZING_C else condition
