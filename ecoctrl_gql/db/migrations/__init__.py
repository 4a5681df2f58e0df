"""The life cycle of the database: made, brought to this version's schema, checked."""

from ecoctrl_gql.db.migrations.creation import ensure_database
from ecoctrl_gql.db.migrations.development import drop, push
from ecoctrl_gql.db.migrations.generation import generate
from ecoctrl_gql.db.migrations.upgrade import (
    SchemaState,
    check_revision,
    downgrade,
    migrate,
    pending,
    schema_state,
)

__all__ = [
    "SchemaState",
    "check_revision",
    "downgrade",
    "drop",
    "ensure_database",
    "generate",
    "migrate",
    "pending",
    "push",
    "schema_state",
]
