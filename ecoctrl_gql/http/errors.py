"""
What callers are told of errors.

An ``EcoctrlError`` is shown as it is. What graphql-core refuses gets a code. All else is a fault of
ours: it is logged whole and shown as "Internal error" with the request id that the log holds.
"""

import re
from typing import Any

import strawberry
import structlog
from graphql import FieldNode, GraphQLError, GraphQLSyntaxError
from strawberry.exceptions import MissingQueryError
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.types import ExecutionContext

from ecoctrl_gql.errors import EcoctrlError
from ecoctrl_gql.http.limits import PARSE_LIMIT_MARK
from ecoctrl_gql.http.responses import BAD_INPUT, INTERNAL_ERROR, internal_extensions
from ecoctrl_gql.logs import current_request_id

PARSE_FAILED = "GRAPHQL_PARSE_FAILED"
VALIDATION_FAILED = "GRAPHQL_VALIDATION_FAILED"
TOO_COMPLEX = "QUERY_TOO_COMPLEX"

# A fault in each of a thousand rows is one fault.
MAX_LOGGED_PER_OPERATION = 3

# Messages tell the values that they refuse, which may be as long as the request.
MAX_MESSAGE_LENGTH = 1_000

# graphql-core has no other sign for a value that does not fit where it is to go.
_BAD_VALUE = re.compile(
    r"(Variable '\$\w+'|Argument '\w+') has invalid (default )?value"
    r"|Too many errors processing variables|Variable values are nested too deeply"
)
_SUGGESTION = re.compile(r" Did you mean [^?]*\?")

log = structlog.stdlib.get_logger("ecoctrl.graphql")


class MaskingSchema(strawberry.Schema):
    """
    A schema whose errors all carry a code and give nothing of its insides away.

    With ``StrawberryConfig(disable_field_suggestions=True)`` no message names what might have been meant.
    """

    # Strawberry calls this only where there are errors, and before anyone sees them.
    def process_errors(
        self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None
    ) -> None:
        faults = []
        for index, error in enumerate(errors):
            code = _known_code(error)
            if code is None:
                faults.append(error)
                errors[index] = _masked(error)
                continue
            error.extensions = {**_extensions_of(error), "code": code}
            error.message = self._shown(error.message)
        if faults:
            _log_faults(faults, execution_context)

    def _shown(self, message: str) -> str:
        if self.config.disable_field_suggestions:
            message = _SUGGESTION.sub("", message)
        return message if len(message) <= MAX_MESSAGE_LENGTH else f"{message[:MAX_MESSAGE_LENGTH]}…"


def _known_code(error: GraphQLError) -> str | None:
    """The code of an error that may be shown; None for a fault of ours."""
    cause = _cause_of(error)
    if isinstance(cause, EcoctrlError):
        return cause.code
    if error.path is not None:
        return _code_within_field(error)
    return _code_of_request(error, cause)


def _code_within_field(error: GraphQLError) -> str | None:
    if isinstance((error.extensions or {}).get("requestId"), str) and error.original_error is None:
        return INTERNAL_ERROR  # masked before
    # A failing resolver is blamed on its field; an argument's value on the place where it stands.
    blames_value = any(not isinstance(node, FieldNode) for node in error.nodes or ())
    return BAD_INPUT if blames_value and isinstance(error.original_error, GraphQLError) else None


def _code_of_request(error: GraphQLError, cause: Exception | None) -> str | None:
    if isinstance(error, GraphQLSyntaxError):
        return TOO_COMPLEX if error.message.endswith(PARSE_LIMIT_MARK) else PARSE_FAILED
    if _BAD_VALUE.match(error.message):
        return BAD_INPUT
    if isinstance(cause, RecursionError):
        return TOO_COMPLEX
    if isinstance(cause, CannotGetOperationTypeError | InvalidOperationTypeError | MissingQueryError):
        return BAD_INPUT
    # A cause behind a place in the text is a scalar's, which refuses the value that stands there.
    return VALIDATION_FAILED if cause is None or error.nodes else None


def _cause_of(error: GraphQLError) -> Exception | None:
    """The exception behind an error, through all the errors that wrap it."""
    cause: Exception | None = error
    while isinstance(cause, GraphQLError):
        cause = cause.original_error
    return cause


def _extensions_of(error: GraphQLError) -> dict[str, Any]:
    cause = _cause_of(error)
    return cause.extensions if isinstance(cause, EcoctrlError) else error.extensions or {}


def _masked(error: GraphQLError) -> GraphQLError:
    return GraphQLError(
        "Internal error",
        nodes=error.nodes,
        source=error.source,
        positions=error.positions,
        path=error.path,
        extensions=internal_extensions(current_request_id.get()),
    )


def _log_faults(faults: list[GraphQLError], context: ExecutionContext | None) -> None:
    operation = context.operation_name if context is not None else None
    for fault in faults[:MAX_LOGGED_PER_OPERATION]:
        log.error(
            "A resolver failed",
            operation=operation,
            path=fault.path,
            exc_info=_cause_of(fault) or fault,
        )
    if len(faults) > MAX_LOGGED_PER_OPERATION:
        log.error("More resolvers failed", operation=operation, failures=len(faults))
