"""What fails an attempt of a node, and how that is told."""

from typing import Any

from pydantic import ValidationError

from ecoctrl_gql.errors import EcoctrlError
from ecoctrl_gql.workflows.dsl.document import Node
from ecoctrl_gql.workflows.expressions import ExpressionError
from ecoctrl_gql.workflows.nodes.failures import NodeFailure
from ecoctrl_gql.workflows.runs.values import storable

FAILURES = (NodeFailure, ExpressionError, ValidationError, EcoctrlError, TimeoutError)
"""What fails an attempt; all else is a fault of ours or of the machine, and the run is taken up again."""


def given_by(error: Exception) -> Any:
    """What a node gave although it failed."""
    if not isinstance(error, NodeFailure) or error.result is None:
        return None
    try:
        return storable(error.result)
    except NodeFailure:
        return None


def message_of(error: Exception, node: Node) -> str:
    """Why an attempt failed, in words."""
    match error:
        case TimeoutError() if not str(error):
            return f"It took longer than {node.timeout_ms:,} ms." if node.timeout_ms else "It took too long."
        case ValidationError():
            first = error.errors(include_url=False, include_input=False)[0]
            place = ".".join(map(str, first["loc"]))
            return f"{place}: {first['msg']}." if place else f"{first['msg']}."
    return str(error)
