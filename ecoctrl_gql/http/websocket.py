"""The graphql-transport-ws protocol: Strawberry's handler, made strict."""

import asyncio
from contextlib import aclosing
from copy import copy
from typing import Any, Final

import orjson
from graphql import GraphQLError
from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import (
    BaseGraphQLTransportWSHandler,
    Operation,
    _OperationStreamClosed,
)
from typing_extensions import override

from ecoctrl_gql.errors import EcoctrlError, SetupError, TimedOutError
from ecoctrl_gql.events.fields import Source
from ecoctrl_gql.events.outbox import DirectOutbox
from ecoctrl_gql.http.connections import connection_of
from ecoctrl_gql.http.gate import Gate, RefusedError
from ecoctrl_gql.http.operations import operation_of
from ecoctrl_gql.http.shared import SharedSubscription, first_result, graphql_error

# Ids return in close reasons, which hold 123 bytes.
MAX_ID_BYTES = 80

_PAYLOAD_MEMBERS: Final[dict[str, tuple[type, ...]]] = {
    "variables": (dict, type(None)),
    "operationName": (str, type(None)),
    "extensions": (dict, type(None)),
}


class TransportHandler(BaseGraphQLTransportWSHandler[Any, None]):
    """Closes with 4400 at malformed frames, and keeps the socket open at malformed operations."""

    @property
    def _gate(self) -> Gate | None:
        view: Any = self.view
        gate: Gate | None = view.gate
        return gate

    async def handle_connection_init(self, message: Any) -> None:
        try:
            await super().handle_connection_init(message)
        except RefusedError as refused:
            await self.websocket.close(code=refused.code, reason=refused.reason)

    async def handle_ping(self, message: Any) -> None:
        payload = message.get("payload")
        if self._gate is not None and payload and self.connection_acknowledged:
            try:
                await self._gate.renew(self.context, payload)
            except RefusedError as refused:
                await self.websocket.close(code=refused.code, reason=refused.reason)
                return
        await super().handle_ping(message)

    async def shutdown(self) -> None:
        if self._gate is not None:
            self._gate.leave(self.context)
        await super().shutdown()

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
            limit = f"{len(self.operations)} operations run on this socket; end one, or open another socket."
            error = GraphQLError(limit, extensions={"code": "RATE_LIMITED"})
            await self.send_message({"id": message["id"], "type": "error", "payload": [error.formatted]})
            return
        await super().handle_subscribe(message)

    async def run_operation(self, operation: Operation[Any, None]) -> None:
        """Run to the end, or to the deadline where the operation is meant to end by itself."""
        kind = operation_of(operation.query, operation.operation_name).kind
        view: Any = self.view
        # Operations run side by side, and what one has read is not for the next, maybe hours later.
        alone = copy(self)
        alone.context = view.operation_context(self.context)
        try:
            async with asyncio.timeout(None if kind == "subscription" else view.operation_timeout_s):
                await super(TransportHandler, alone).run_operation(operation)
        except TimeoutError:
            late = TimedOutError("The operation took too long and was stopped.")
            await operation.send_initial_errors([GraphQLError(late.message, original_error=late)])

    @override
    async def _send_result_stream(self, operation: Operation[Any, None], result_source: Any) -> None:
        first, results = await first_result(result_source)
        if first is None or not isinstance(first.data, Source):
            async with aclosing(results):
                await super()._send_result_stream(operation, results)
            return
        await results.aclose()
        operation.task = self._share(operation, first.data)
        raise _OperationStreamClosed  # the operation goes on, by itself

    def _share(self, operation: Operation[Any, None], source: Source) -> Any:
        """Have an operation told of events until it is cancelled: without a task, for there may be many."""
        websocket: Any = self.websocket
        connection = connection_of(websocket.ws.scope)
        if connection is None:
            raise SetupError("Subscriptions over websockets need the options of `http.server`.")
        head = b'{"id":%b,"type":"next","payload":' % orjson.dumps(operation.id)

        def fail(error: EcoctrlError) -> None:
            shared.cancel()
            operation.task = asyncio.create_task(operation.send_initial_errors([graphql_error(error)]))

        outbox = DirectOutbox(
            connection, lambda payload: b"%b%b}" % (head, payload), connection.end_stalled, fail
        )
        shared = SharedSubscription(self.schema, source, operation.variables, outbox)
        return shared

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
