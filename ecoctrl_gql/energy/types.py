from ecoctrl_gql.api.connection import Connection
from ecoctrl_gql.api.listing import Listing
from ecoctrl_gql.api.node import Node, auto, column, node_type
from ecoctrl_gql.api.relations import to_one
from ecoctrl_gql.db.keyset import Order
from ecoctrl_gql.db.tables import EnergyAreaRow, EnergyReadingRow

MAX_READINGS = 10_000
"""A page holds more readings than rows of other lists: a year of one area is 8,760."""


@node_type(EnergyReadingRow)
class EnergyReading(Node):
    hour: auto
    k_wh: auto = column(name="kWh")
    reading_at: auto
    area: "EnergyArea | None" = to_one(
        EnergyAreaRow, "area_id", "The area that consumed it; null for the site as a whole."
    )


ENERGY_READINGS = Listing(
    EnergyReading,
    filters=("id", "hour", "k_wh", "reading_at", "area_id"),
    orders=("reading_at",),
    default=Order("reading_at", descending=True),
    max_page=MAX_READINGS,
)


@node_type(EnergyAreaRow)
class EnergyArea(Node):
    title: auto
    current: auto
    target: auto
    color: auto
    power_factor: auto
    load_rate: auto
    readings: Connection[EnergyReading] = ENERGY_READINGS.field_of(
        "area_id", "Its hourly readings, newest first."
    )


ENERGY_AREAS = Listing(
    EnergyArea,
    filters=("id", "title", "current", "target", "power_factor"),
    orders=("id", "title"),
    default=Order("id"),
)
