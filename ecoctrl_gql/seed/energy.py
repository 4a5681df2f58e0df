"""The energy areas, and a year of readings of each."""

from collections.abc import Iterator

from ecoctrl_gql.seed.campus import AREAS, Area
from ecoctrl_gql.seed.history import History
from ecoctrl_gql.seed.rows import Row


def area_rows(history: History) -> list[Row]:
    return [_area_row(area, history) for area in AREAS]


def _area_row(area: Area, history: History) -> Row:
    return {
        "title": area.title,
        "current": round(history.month_kwh(area)),
        "target": history.target_kwh(area),
        "color": area.color,
        "power_factor": area.power_factor,
        "load_rate": f"{100 * history.kwh(area)[-1] / area.rated_kw:.0f}%",
    }


def reading_rows(area: Area, area_id: int, history: History) -> Iterator[Row]:
    for hour, kwh in zip(history.hours, history.kwh(area), strict=True):
        yield {
            "hour": f"{hour.astimezone(history.zone):%H:%M}",
            "k_wh": kwh,
            "reading_at": hour,
            "area_id": area_id,
        }
