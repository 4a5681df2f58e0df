from ecoctrl_gql.db.repositories.base import Repository
from ecoctrl_gql.db.tables.energy_areas import EnergyAreaRow


class EnergyAreaRepository(Repository[EnergyAreaRow]):
    row_type = EnergyAreaRow
    name = "energy area"
