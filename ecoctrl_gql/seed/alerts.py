"""A month of sample alerts, and who took care of them."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from ecoctrl_gql.db.enums import AlertLevel, AlertStatus
from ecoctrl_gql.seed.noise import sample_key, uniform
from ecoctrl_gql.seed.rows import Row

COUNT = 84
PERIOD = timedelta(days=30)

SITUATIONS = (
    (
        "Chiller 1",
        AlertLevel.HIGH,
        "Chilled water supply temperature {:.1f} °C, above 9 °C for 15 minutes",
        9.2,
        12.5,
    ),
    ("Chiller 2", AlertLevel.MEDIUM, "Condenser approach {:.1f} K, cleaning advised above 3 K", 3.1, 4.8),
    ("Chilled water pump 2", AlertLevel.HIGH, "Pressure {:.0f} kPa, below 180 kPa while running", 95, 175),
    ("Heat pump 1", AlertLevel.MEDIUM, "Coefficient of performance {:.1f}, below 2.8 over an hour", 1.9, 2.7),
    (
        "Air handler A-01",
        AlertLevel.LOW,
        "Filter pressure drop {:.0f} Pa, filter change due at 250 Pa",
        252,
        310,
    ),
    ("Air handler B-01", AlertLevel.MEDIUM, "CO₂ of the return air {:.0f} ppm, above 1,000 ppm", 1010, 1480),
    (
        "Laboratory air handler",
        AlertLevel.HIGH,
        "Air change {:.1f} per hour, below the 6 that laboratories need",
        4.1,
        5.9,
    ),
    ("Data hall cooler 5", AlertLevel.HIGH, "Supply air {:.1f} °C, above the limit of 27 °C", 27.2, 31.5),
    ("Main meter Tower A", AlertLevel.MEDIUM, "Load {:.0f} kW, above the agreed peak of 900 kW", 905, 1040),
    ("Main meter canteen", AlertLevel.LOW, "Power factor {:.2f}, below 0.90", 0.82, 0.895),
    ("Main meter dormitories", AlertLevel.LOW, "Night load {:.0f} kW, above the usual 120 kW", 124, 180),
    ("Charger 02", AlertLevel.LOW, "No connection for {:.0f} minutes", 12, 95),
)


CARERS = ("liu.yang", "zhao.lei", "operator")
ASSIGNED_SHARE = 0.7
"""How many of the alerts that are not resolved somebody was asked to look after."""

NOTES = (
    "Cleaned and checked.",
    "Set point corrected.",
    "Sensor replaced.",
    "Watched for an hour; stays normal.",
)


def alert_rows(now: datetime, user_ids: Mapping[str, str]) -> list[Row]:
    """The alerts, newest first; those who took care of them are of the users whose keys are given by name."""
    return [_row(number, now, user_ids) for number in range(COUNT)]


def notification_rows(alerts: list[Row]) -> list[Row]:
    """What those were told who were asked to look after an alert."""
    return [
        {
            "id": sample_key("notifications", alert["id"]),
            "user_id": alert["assignee_id"],
            "title": f"Alert: {alert['device']}",
            "message": alert["message"],
            "read": alert["acknowledged_at"] is not None,
            "created_at": alert["time"] + timedelta(minutes=1),
        }
        for alert in alerts
        if alert["assignee_id"] is not None
    ]


def _row(number: int, now: datetime, user_ids: Mapping[str, str]) -> Row:
    situation = SITUATIONS[int(uniform("alert", number) * len(SITUATIONS))]
    device, level, message, least, most = situation
    age = PERIOD * ((number + uniform("alert time", number)) / COUNT)
    status = _status(age, uniform("alert status", number))
    time = (now - age).replace(microsecond=0)
    carer = user_ids.get(CARERS[int(uniform("alert carer", number) * len(CARERS))])
    assigned = status is not AlertStatus.RESOLVED and uniform("alert is assigned", number) < ASSIGNED_SHARE
    acknowledged_at = time + age * 0.2 * uniform("alert response", number)
    resolved_at = acknowledged_at + (now - acknowledged_at) * 0.5 * uniform("alert repair", number)
    seen, done = status is not AlertStatus.PENDING, status is AlertStatus.RESOLVED
    return {
        "id": sample_key("alerts", number),
        "device": device,
        "level": level,
        "message": message.format(least + (most - least) * uniform("alert value", number)),
        "time": time,
        "status": status,
        "acknowledged_by": carer if seen else None,
        "acknowledged_at": acknowledged_at if seen else None,
        "resolved_by": carer if done else None,
        "resolved_at": resolved_at if done else None,
        "assignee_id": carer if assigned else None,
        "note": NOTES[number % len(NOTES)] if done and number % 5 == 0 else None,
    }


def _status(age: timedelta, chance: float) -> AlertStatus:
    """The newest wait, the older have been seen, the oldest are done with."""
    days = age / timedelta(days=1)
    if chance > days / 2:
        return AlertStatus.PENDING
    return AlertStatus.ACKNOWLEDGED if chance > days / 8 else AlertStatus.RESOLVED
