"""Sample data, and the first account."""

from ecoctrl_gql.seed.admin import Admin, create_admin, ensure_admin, has_users
from ecoctrl_gql.seed.samples import SeedResult, seed

__all__ = ["Admin", "SeedResult", "create_admin", "ensure_admin", "has_users", "seed"]
