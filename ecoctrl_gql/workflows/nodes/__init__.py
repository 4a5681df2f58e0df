"""What the nodes of workflows do, a module a kind; a kind without one is part of the walk itself."""

from typing import Any, Final

from ecoctrl_gql.workflows.nodes import (
    alert,
    database,
    email,
    http_request,
    notify,
    point_read,
    point_write,
    sse_send,
)
from ecoctrl_gql.workflows.nodes.call import Action

ACTIONS: Final[dict[str, Action[Any]]] = {
    module.ACTION.kind.name: module.ACTION
    for module in (alert, database, email, http_request, notify, point_read, point_write, sse_send)
}
"""What each kind of node does, by the name of the kind."""
