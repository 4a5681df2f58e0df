import strawberry

from ecoctrl_gql.api.roots import by_id
from ecoctrl_gql.energy.types import ENERGY_AREAS, ENERGY_READINGS, EnergyArea, EnergyReading


@strawberry.type
class EnergyQuery:
    energy_reading = by_id(EnergyReading, "One hourly reading.")
    energy_readings = ENERGY_READINGS.field("Hourly readings of all areas, newest first.")
    energy_area = by_id(EnergyArea, "One area of the site.")
    energy_areas = ENERGY_AREAS.field("The areas of the site.")
