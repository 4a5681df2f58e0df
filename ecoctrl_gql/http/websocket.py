"""The graphql-transport-ws protocol: Strawberry's handler, made strict."""

import asyncio
from typing import Any, Final

from graphql import GraphQLError
from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import (
    BaseGraphQLTransportWSHandler,
    Operation,
)
from typing_extensions import override

from ecoctrl_gql.errors import TimedOutError
from ecoctrl_gql.http.operations import operation_of

# Ids return in close reasons, which hold 123 bytes.
MAX_ID_BYTES = 80

_PAYLOAD_MEMBERS: Final[dict[str, tuple[type, ...]]] = {
    "variables": (dict, type(None)),
    "operationName": (str, type(None)),
    "extensions": (dict, type(None)),
}


class TransportHandler(BaseGraphQLTransportWSHandler[Any, None]):
    """Closes with 4400 at malformed frames, and keeps the socket open at malformed operations."""

    async def handle_message(self, message: Any) -> None:
        problem = frame_problem(message)
        if problem is not None:
            await self.handle_invalid_message(problem)
            return
        if message.get("payload", message) is None:
            del message["payload"]  # the protocol allows null where the payload is optional
        await super().handle_message(message)

    async def handle_subscribe(self, message: Any) -> None:
        full = len(self.operations) >= (self.max_subscriptions_per_connection or 0)
        if self.connection_acknowledged and full and message["id"] not in self.operations:
            error = GraphQLError(
                "Too many operations run on this socket.", extensions={"code": "RATE_LIMITED"}
            )
            await self.send_message({"id": message["id"], "type": "error", "payload": [error.formatted]})
            return
        await super().handle_subscribe(message)

    async def run_operation(self, operation: Operation[Any, None]) -> None:
        """Run to the end, or to the deadline where the operation is meant to end by itself."""
        kind = operation_of(operation.query, operation.operation_name).kind
        view: Any = self.view
        try:
            async with asyncio.timeout(None if kind == "subscription" else view.operation_timeout_s):
                await super().run_operation(operation)
        except TimeoutError:
            late = TimedOutError("The operation took too long and was stopped.")
            await operation.send_initial_errors([GraphQLError(late.message, original_error=late)])

    @staticmethod
    @override
    def _get_pre_execution_close_reason(error: GraphQLError) -> str | None:
        """Never close: one malformed operation is no reason to end the others on the socket."""
        return None


def frame_problem(message: object) -> str | None:
    """What is wrong with a decoded frame, short enough for a close reason; None if nothing."""
    if not isinstance(message, dict):
        return "A message must be a JSON object"
    match message.get("type"):
        case "subscribe":
            return _id_problem(message) or _payload_problem(message.get("payload"))
        case "complete":
            return _id_problem(message)
        case "connection_init" | "ping" | "pong":
            return None if isinstance(message.get("payload"), dict | None) else "`payload` must be an object"
    return "Unknown message type"


def _id_problem(message: dict[str, Any]) -> str | None:
    identifier = message.get("id")
    if not isinstance(identifier, str) or not 0 < len(identifier.encode()) <= MAX_ID_BYTES:
        return f"`id` must be a string of 1 to {MAX_ID_BYTES} bytes"
    return None


def _payload_problem(payload: object) -> str | None:
    if not isinstance(payload, dict):
        return "`payload` must be an object"
    if not isinstance(payload.get("query"), str):
        return "`payload.query` must be a string"
    for name, types in _PAYLOAD_MEMBERS.items():
        if not isinstance(payload.get(name), types):
            return f"`payload.{name}` has the wrong type"
    return None
