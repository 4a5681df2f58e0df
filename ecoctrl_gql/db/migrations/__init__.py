"""
The life cycle of the database: made, brought to this version's schema, checked.

A part is loaded when it is first used, for Alembic takes a tenth of the memory of a server, which mostly has
nothing for it to do. So use it as ``migrations.migrate(url)``.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ecoctrl_gql.db.migrations.creation import ensure_database
    from ecoctrl_gql.db.migrations.development import drop, push
    from ecoctrl_gql.db.migrations.generation import generate
    from ecoctrl_gql.db.migrations.state import SchemaState, is_current, schema_state
    from ecoctrl_gql.db.migrations.upgrade import check_revision, downgrade, migrate, pending

__all__ = [
    "SchemaState",
    "check_revision",
    "downgrade",
    "drop",
    "ensure_database",
    "generate",
    "is_current",
    "migrate",
    "pending",
    "push",
    "schema_state",
]

_PLACES = {
    "creation": ("ensure_database",),
    "development": ("drop", "push"),
    "generation": ("generate",),
    "state": ("SchemaState", "is_current", "schema_state"),
    "upgrade": ("check_revision", "downgrade", "migrate", "pending"),
}


def __getattr__(name: str) -> Any:
    for module, names in _PLACES.items():
        if name in names:
            return getattr(import_module(f"{__name__}.{module}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
