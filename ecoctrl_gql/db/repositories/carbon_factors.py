from ecoctrl_gql.db.repositories.base import Repository
from ecoctrl_gql.db.tables.carbon_factors import CarbonFactorRow


class CarbonFactorRepository(Repository[CarbonFactorRow]):
    row_type = CarbonFactorRow
    name = "carbon factor"
