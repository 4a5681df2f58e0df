"""Definitions of workflows in the studio: their secrets are shown under seal, as the API shows them."""

from collections.abc import Callable
from functools import partial
from typing import Any, Final

from starlette.requests import Request
from starlette_admin.fields import BaseField

from ecoctrl_gql.auth.keys import Keys
from ecoctrl_gql.workflows.secrets import sealed

DEFINITIONS: Final = frozenset({("workflows", "dsl"), ("workflows", "draft"), ("workflow_versions", "dsl")})
"""The columns that hold definitions, each after its table."""


def show_sealed(field: BaseField, keys: Keys) -> None:
    """Have a field of a definition show it with its secrets under seal, whatever the page."""
    field.formatter = {
        action: partial(_sealed, written, keys) for action, written in (field.formatter or {}).items()
    }


def _sealed(written: Callable[[Request, Any], Any], keys: Keys, request: Request, value: Any) -> Any:
    return written(request, sealed(value, keys))
