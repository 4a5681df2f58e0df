"""The areas of the sample campus, and what shapes the load of each."""

from dataclasses import dataclass

Day = tuple[float, ...]
"""How busy a place is in each hour of a day, 0–1."""


def day(percents: str) -> Day:
    """A day from its 24 hours in percent."""
    return tuple(int(percent) / 100 for percent in percents.split())


OFFICE = day("5 5 5 5 5 5 15 45 85 95 100 100 80 90 100 100 95 85 55 35 20 12 8 5")
OFFICE_FREE = day("5 5 5 5 5 5 5 5 5 12 12 12 12 12 12 12 12 5 5 5 5 5 5 5")
LABORATORY = day("35 35 35 35 35 35 35 50 80 100 100 100 90 95 100 100 100 90 75 60 50 45 40 35")
LABORATORY_FREE = day("35 35 35 35 35 35 35 35 35 45 45 45 45 45 45 45 45 45 35 35 35 35 35 35")
CANTEEN = day("5 5 5 5 5 40 90 80 40 50 90 100 100 50 25 30 70 90 80 40 15 5 5 5")
CANTEEN_FREE = day("5 5 5 5 5 5 30 35 20 20 45 50 45 20 10 15 40 45 35 15 5 5 5 5")
HOME = day("35 28 25 25 25 30 55 65 40 30 30 35 45 40 32 32 38 50 75 90 100 100 85 55")
HOME_FREE = day("45 35 28 25 25 27 35 50 60 65 65 70 75 65 60 60 65 70 85 95 100 100 90 65")
CHARGING = day("15 12 10 10 8 5 5 20 70 100 90 60 50 65 60 45 30 35 45 50 45 35 25 20")
CHARGING_FREE = day("12 10 8 6 5 5 5 8 15 25 30 30 28 28 30 28 25 25 28 30 28 22 18 15")
ALWAYS: Day = (1.0,) * 24


@dataclass(frozen=True, slots=True)
class Area:
    """
    A part of the campus.

    Attributes:
        rated_kw: The power that its connection is made for.
        base_kw: What runs day and night.
        active_kw: What people add when the place is busiest.
        cooling_kw_per_k: What each degree above the cooling balance adds.
        heating_kw_per_k: What each degree below the heating balance adds.
        noise: The deviation of an hour, as a share of its load.
    """

    title: str
    color: str
    floor_m2: int
    rated_kw: float
    power_factor: float
    base_kw: float
    active_kw: float
    workday: Day
    free_day: Day
    cooling_kw_per_k: float = 0.0
    heating_kw_per_k: float = 0.0
    noise: float = 0.04


AREAS = (
    Area("Office Tower A", "bg-sky-500", 24_000, 1100, 0.94, 62, 470, OFFICE, OFFICE_FREE, 21, 6),
    Area("Office Tower B", "bg-blue-600", 16_500, 800, 0.93, 45, 330, OFFICE, OFFICE_FREE, 15, 4.5),
    Area("Laboratories", "bg-violet-500", 9_800, 720, 0.91, 120, 260, LABORATORY, LABORATORY_FREE, 10, 3),
    Area("Data Centre", "bg-slate-500", 1_900, 640, 0.97, 330, 40, ALWAYS, ALWAYS, 4, 0, 0.015),
    Area("Canteen", "bg-amber-500", 3_200, 420, 0.9, 28, 230, CANTEEN, CANTEEN_FREE, 4, 2, 0.07),
    Area("Dormitories", "bg-emerald-500", 21_000, 760, 0.95, 55, 290, HOME, HOME_FREE, 13, 9, 0.05),
    Area(
        "Chillers and Heat Pumps", "bg-cyan-600", 1_100, 1500, 0.88, 24, 60, OFFICE, OFFICE_FREE, 58, 21, 0.05
    ),
    Area("Vehicle Charging", "bg-lime-500", 2_600, 480, 0.96, 4, 240, CHARGING, CHARGING_FREE, 0, 0, 0.18),
)
"""Floor areas are in m²; the load follows from people, the weather and chance."""
