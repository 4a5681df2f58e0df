"""The devices of the sample campus, and the points by which the gateway knows them."""

from dataclasses import dataclass

Point = tuple[str, int, str, str]
"""Type of the point (AI, AV, BI, BV), its number, its name, its unit."""

CHILLER: tuple[Point, ...] = (
    ("BV", 1, "running", ""),
    ("AI", 1, "chilled water supply temperature", "°C"),
    ("AI", 2, "chilled water return temperature", "°C"),
    ("AV", 1, "supply temperature setpoint", "°C"),
    ("AI", 3, "electric power", "kW"),
)
PUMP: tuple[Point, ...] = (
    ("BV", 1, "running", ""),
    ("AV", 1, "frequency", "Hz"),
    ("AI", 1, "pressure", "kPa"),
)
AIR_HANDLER: tuple[Point, ...] = (
    ("BV", 1, "running", ""),
    ("AI", 1, "supply air temperature", "°C"),
    ("AI", 2, "CO₂ of the return air", "ppm"),
    ("AV", 1, "fan speed", "%"),
)
METER: tuple[Point, ...] = (
    ("AI", 1, "active power", "kW"),
    ("AI", 2, "power factor", ""),
    ("AI", 3, "energy", "kWh"),
)
LIGHTS: tuple[Point, ...] = (("BV", 1, "corridor lights", ""), ("BV", 2, "outdoor lights", ""))
CHARGER: tuple[Point, ...] = (("BI", 1, "vehicle connected", ""), ("AI", 1, "charging power", "kW"))


@dataclass(frozen=True, slots=True)
class Device:
    """
    A device.

    Attributes:
        letter: Its type in point codes.
        code: Its number in point codes.
        kind: Its type, for people.
        area: The title of the area that it belongs to.
    """

    letter: str
    code: str
    name: str
    kind: str
    area: str
    location: str
    points: tuple[Point, ...]


DEVICES = (
    Device("C", "5001", "Chiller 1", "chiller", "Chillers and Heat Pumps", "Plant room, level B2", CHILLER),
    Device("C", "5002", "Chiller 2", "chiller", "Chillers and Heat Pumps", "Plant room, level B2", CHILLER),
    Device("H", "5101", "Heat pump 1", "heat pump", "Chillers and Heat Pumps", "Plant room, roof", CHILLER),
    Device(
        "P", "5201", "Chilled water pump 1", "pump", "Chillers and Heat Pumps", "Plant room, level B2", PUMP
    ),
    Device(
        "P", "5202", "Chilled water pump 2", "pump", "Chillers and Heat Pumps", "Plant room, level B2", PUMP
    ),
    Device("A", "0101", "Air handler A-01", "air handler", "Office Tower A", "Tower A, level 3", AIR_HANDLER),
    Device(
        "A", "0102", "Air handler A-02", "air handler", "Office Tower A", "Tower A, level 12", AIR_HANDLER
    ),
    Device("A", "0201", "Air handler B-01", "air handler", "Office Tower B", "Tower B, level 2", AIR_HANDLER),
    Device(
        "A",
        "0301",
        "Laboratory air handler",
        "air handler",
        "Laboratories",
        "Laboratories, roof",
        AIR_HANDLER,
    ),
    Device(
        "A", "5930-5", "Data hall cooler 5", "air handler", "Data Centre", "Data hall, row 5", AIR_HANDLER
    ),
    Device("M", "0001", "Main meter Tower A", "meter", "Office Tower A", "Substation 1", METER),
    Device("M", "0002", "Main meter Tower B", "meter", "Office Tower B", "Substation 1", METER),
    Device("M", "0003", "Main meter laboratories", "meter", "Laboratories", "Substation 2", METER),
    Device("M", "0004", "Main meter data centre", "meter", "Data Centre", "Substation 2", METER),
    Device("M", "0005", "Main meter canteen", "meter", "Canteen", "Substation 1", METER),
    Device("M", "0006", "Main meter dormitories", "meter", "Dormitories", "Substation 3", METER),
    Device("L", "0401", "Dormitory lights", "lighting", "Dormitories", "Dormitories, house 1", LIGHTS),
    Device("E", "0701", "Charger 01", "charger", "Vehicle Charging", "Car park P1", CHARGER),
    Device("E", "0702", "Charger 02", "charger", "Vehicle Charging", "Car park P1", CHARGER),
)
