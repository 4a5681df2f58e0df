from ecoctrl_gql.db.repositories.base import Repository
from ecoctrl_gql.db.tables.carbon_factor_nodes import CarbonFactorNodeRow


class CarbonFactorNodeRepository(Repository[CarbonFactorNodeRow]):
    row_type = CarbonFactorNodeRow
    name = "node of the carbon factor tree"
