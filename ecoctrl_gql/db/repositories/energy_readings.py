from ecoctrl_gql.db.repositories.base import Repository
from ecoctrl_gql.db.tables.energy_readings import EnergyReadingRow


class EnergyReadingRepository(Repository[EnergyReadingRow]):
    row_type = EnergyReadingRow
    name = "energy reading"
