"""A PostgreSQL server of our own, for those who have none."""

from ecoctrl_gql.db.embedded.server import EmbeddedPostgres

__all__ = ["EmbeddedPostgres"]
