"""The weather of the campus: a typical year in northern China with warm and cold spells."""

import math
from datetime import datetime
from functools import lru_cache

from ecoctrl_gql.seed.noise import smooth

YEAR_MEAN_C, YEAR_SWING_C, DAY_SWING_C, SPELL_C = 12.5, 15.5, 4.5, 2.8
COLDEST_DAY, WARMEST_HOUR = 18, 15
SPELL_DAYS = 3


@lru_cache(maxsize=20_000)
def outdoor_temperature_c(time: datetime) -> float:
    """The outdoor temperature in °C at a time told where the campus is."""
    year = math.cos(2 * math.pi * (time.timetuple().tm_yday - COLDEST_DAY) / 365.25)
    day = math.cos(2 * math.pi * (time.hour - WARMEST_HOUR) / 24)
    spell = smooth("weather", (time.toordinal() + time.hour / 24) / SPELL_DAYS)
    return YEAR_MEAN_C - YEAR_SWING_C * year + DAY_SWING_C * day + SPELL_C * spell
