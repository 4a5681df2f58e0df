"""A month of sample alerts."""

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


def alert_rows(now: datetime) -> list[Row]:
    """The alerts, newest first."""
    return [_row(number, now) for number in range(COUNT)]


def _row(number: int, now: datetime) -> Row:
    situation = SITUATIONS[int(uniform("alert", number) * len(SITUATIONS))]
    device, level, message, least, most = situation
    age = PERIOD * ((number + uniform("alert time", number)) / COUNT)
    return {
        "id": sample_key("alerts", number),
        "device": device,
        "level": level,
        "message": message.format(least + (most - least) * uniform("alert value", number)),
        "time": (now - age).replace(microsecond=0),
        "status": _status(age, uniform("alert status", number)),
    }


def _status(age: timedelta, chance: float) -> AlertStatus:
    """The newest wait, the older have been seen, the oldest are done with."""
    days = age / timedelta(days=1)
    if chance > days / 2:
        return AlertStatus.PENDING
    return AlertStatus.ACKNOWLEDGED if chance > days / 8 else AlertStatus.RESOLVED
