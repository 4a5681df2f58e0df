"""The lists on the dashboard's cards, taken from the sample alerts and faults."""

from datetime import datetime
from typing import Any

from ecoctrl_gql.db.enums import AlertLevel, FaultLevel, FaultStatus
from ecoctrl_gql.seed.alerts import alert_rows
from ecoctrl_gql.seed.devices import DEVICES
from ecoctrl_gql.seed.faults import sample_faults

SHOWN = 5
SEVERITY = {AlertLevel.HIGH: "critical", AlertLevel.MEDIUM: "warning", AlertLevel.LOW: "info"}

SUGGESTIONS = (
    (
        "moon",
        "Switch the air handlers of Tower A off from 21:00: its night load is above that of Tower B.",
        "4,200 kWh/month",
    ),
    (
        "thermometer",
        "Raise the chilled water setpoint to 8 °C when it is below 26 °C outside.",
        "6.5% of cooling",
    ),
    (
        "plug-zap",
        "Let vehicles charge after 22:00: a third of the charging falls into the peak tariff.",
        "1,900 CNY/month",
    ),
    ("fan", "Clean the condenser of chiller 2: its approach has risen to 4 K.", "3% of cooling"),
)


def alert_items(now: datetime) -> list[dict[str, Any]]:
    return [
        {
            "icon": "bell",
            "title": alert["device"],
            "subtitle": alert["message"],
            "severity": SEVERITY[alert["level"]],
            "time": alert["time"].isoformat(),
        }
        for alert in alert_rows(now, {})[:SHOWN]
    ]


def device_items() -> list[dict[str, Any]]:
    """The devices that are not repaired first, then others that run."""
    broken = {fault.device: fault.level for fault in sample_faults() if fault.status is not FaultStatus.FIXED}
    devices = sorted(DEVICES, key=lambda device: device.name not in broken)
    return [
        {
            "icon": "cpu",
            "label": device.name,
            "value": "Fault" if device.name in broken else "Running",
            "status": _status(broken.get(device.name)),
        }
        for device in devices[:SHOWN]
    ]


def _status(level: FaultLevel | None) -> str:
    if level is None:
        return "ok"
    return "critical" if level is FaultLevel.SEVERE else "warn"


def suggestion_items() -> list[dict[str, Any]]:
    return [{"icon": icon, "text": text, "saving": saving} for icon, text, saving in SUGGESTIONS]
