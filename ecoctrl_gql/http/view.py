"""GraphQL over HTTP and websockets: Strawberry's view, made strict and cheap."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import suppress
from copy import copy
from datetime import timedelta
from functools import partial
from typing import Any

import orjson
import structlog
from cross_web import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.exceptions import MissingQueryError
from strawberry.http import GraphQLRequestData
from strawberry.http.streaming import HTTPStreamTransport
from strawberry.schema import BaseSchema
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL
from strawberry.types import ExecutionResult
from strawberry.types.graphql import OperationType
from strawberry.types.unset import UNSET, UnsetType
from typing_extensions import override

from ecoctrl_gql.http.body import operation_request, read_request
from ecoctrl_gql.http.connections import end_stalled
from ecoctrl_gql.http.exchange import note_operation
from ecoctrl_gql.http.gate import Gate
from ecoctrl_gql.http.headers import header
from ecoctrl_gql.http.operations import operation_of
from ecoctrl_gql.http.responses import Preparation, refusal
from ecoctrl_gql.http.results import result_body, result_response
from ecoctrl_gql.http.shared import SharedResult, shared_results
from ecoctrl_gql.http.sse import stream_transport, until_ended
from ecoctrl_gql.http.websocket import TransportHandler

MakeContext = Callable[[Request | WebSocket, Response | WebSocket], Awaitable[Any]]
RenderIde = Callable[[Request], Awaitable[Response]]

ALLOWED_BY_METHOD = {
    "GET": frozenset({OperationType.QUERY}),
    "POST": frozenset({OperationType.QUERY, OperationType.MUTATION}),
}
INIT_TIMEOUT = timedelta(seconds=10)
MAX_OPERATIONS_PER_SOCKET = 100
NO_SUBSCRIPTION = "Subscriptions need a websocket or `Accept: text/event-stream`."

log = structlog.stdlib.get_logger("ecoctrl.http")


class GraphQLView(GraphQL[Any, None]):
    """
    The endpoint.

    Args:
        make_context: Makes the context of a request, or of a websocket for its whole life. An
            ``EcoctrlError`` that it raises is the answer.
        operation_context: Makes the context of one operation from that of its websocket.
        gate: Decides who may hold a websocket open; None lets everybody.
        render_ide: Makes the page for browsers; None for no page.
        allowed_origins: Origins besides this server's own whose pages may open websockets.
        operation_timeout_s: The most that a query or mutation may take on a websocket.
        init_timeout: How long a websocket may stay silent before it is closed (4408).
    """

    graphql_transport_ws_handler_class = TransportHandler

    def __init__(
        self,
        schema: BaseSchema,
        make_context: MakeContext,
        *,
        operation_context: Callable[[Any], Any] = copy,
        gate: Gate | None = None,
        render_ide: RenderIde | None = None,
        allowed_origins: Sequence[str] = (),
        operation_timeout_s: float = 30.0,
        init_timeout: timedelta = INIT_TIMEOUT,
    ) -> None:
        super().__init__(
            schema,
            graphql_ide=None,
            subscription_protocols=(GRAPHQL_TRANSPORT_WS_PROTOCOL,),
            connection_init_wait_timeout=init_timeout,
            max_subscriptions_per_connection=MAX_OPERATIONS_PER_SOCKET,
            allowed_origins=allowed_origins,
        )
        self.operation_timeout_s = operation_timeout_s
        self._make_context = make_context
        self.operation_context = operation_context
        self.gate = gate
        self._render_ide = render_ide

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await self._serve_socket(WebSocket(scope, receive, send))
            return
        request = Request(scope, receive)
        try:
            response = await self._respond(request)
            await response(scope, receive, send)
        finally:
            await request.close()  # the files of an upload

    async def _serve_socket(self, socket: WebSocket) -> None:
        try:
            await self.run(socket)
        except Exception:
            log.exception("A websocket failed")
            with suppress(RuntimeError):  # closed already
                await socket.close(1011)

    async def _respond(self, request: Request) -> Response:
        try:
            if self._render_ide is not None and _is_visit(request):
                return await self._render_ide(request)
            return await self._answer(request)
        except ClientDisconnect:
            raise
        except Exception as error:
            return refusal(error, request)

    async def _answer(self, request: Request) -> Response:
        if request.scope["method"] not in ALLOWED_BY_METHOD:
            raise HTTPException(405, "Operations are sent by GET or POST.")
        accept = header(request, b"accept") or ""
        transport = stream_transport(accept)
        data = await read_request(request)
        preparation = Preparation(accept)
        if isinstance(data, list):
            operations = self._batch(data, transport)
            context = await self._make_context(request, preparation)
            runs = (self._run(request, operation, context) for operation in operations)
            return result_response(
                [result_body(result) for result in await asyncio.gather(*runs)], preparation
            )
        operation = operation_request(data)
        context = await self._make_context(request, preparation)
        if transport is not None:
            return await self._stream(request, operation, context, preparation, transport)
        return result_response(result_body(await self._run(request, operation, context)), preparation)

    def _batch(self, data: list[Any], transport: HTTPStreamTransport | None) -> list[GraphQLRequestData]:
        if transport is not None:
            raise HTTPException(400, transport.batching_error)
        self._validate_batch_request(data, "http")
        if not data:
            raise HTTPException(400, "The batch is empty.")
        return [operation_request(item) for item in data]

    async def _run(self, request: Request, operation: GraphQLRequestData, context: Any) -> ExecutionResult:
        note_operation(request.scope, operation_of(operation.query, operation.operation_name))
        try:
            return await self.schema.execute(
                operation.query,
                variable_values=operation.variables,
                context_value=context,
                operation_name=operation.operation_name,
                allowed_operation_types=ALLOWED_BY_METHOD[request.scope["method"]],
                operation_extensions=operation.extensions,
            )
        except InvalidOperationTypeError as error:
            if error.operation_type is OperationType.SUBSCRIPTION:
                raise HTTPException(400, NO_SUBSCRIPTION) from None
            raise HTTPException(405, "Mutations are sent by POST.") from None
        except CannotGetOperationTypeError as error:
            raise HTTPException(400, error.as_http_error_reason()) from None
        except MissingQueryError:
            raise HTTPException(400, "The request holds no query.") from None

    async def _stream(
        self,
        request: Request,
        operation: GraphQLRequestData,
        context: Any,
        preparation: Preparation,
        transport: HTTPStreamTransport,
    ) -> Response:
        noted = operation_of(operation.query, operation.operation_name)
        note_operation(request.scope, noted)
        allowed = {*ALLOWED_BY_METHOD[request.method], OperationType.SUBSCRIPTION}
        results: Any = await self.schema.stream(
            operation.query,
            variable_values=operation.variables,
            context_value=context,
            operation_name=operation.operation_name,
            allowed_operation_types=transport.allowed_operation_types(allowed),
            operation_extensions=operation.extensions,
        )
        if noted.kind != "subscription":
            # Run before the stream begins, while the request's deadline still holds.
            results = _replayed([result async for result in results])
        else:
            stalled = partial(end_stalled, request.scope)
            results = shared_results(self.schema, results, operation.variables, stalled)
            if self.gate is not None:
                results = until_ended(results, self.gate, context)
        stream = self._stream_result(request, results, transport)
        return await self.create_streaming_response(request, stream, preparation, transport.headers)

    # The rest is called by Strawberry, for websockets and streams.

    @override
    async def get_context(self, request: Request | WebSocket, response: Response | WebSocket) -> Any:
        return await self._make_context(request, response)

    @override
    def decode_json(self, data: str | bytes) -> object:
        return orjson.loads(data)

    # Text, since bytes would become binary frames, which no websocket client reads.
    @override
    def encode_json(self, data: object) -> str:
        return orjson.dumps(data).decode()

    @override
    async def process_result(self, request: Request, result: ExecutionResult) -> Any:
        return orjson.Fragment(result.text) if isinstance(result, SharedResult) else result_body(result)

    @override
    async def on_ws_connect(self, context: Any) -> UnsetType:
        if self.gate is not None:
            await self.gate.admit(context)
        acknowledgement: UnsetType = UNSET  # for one without a payload
        return acknowledgement


def _is_visit(request: Request) -> bool:
    """Whether a person's browser opens the address; curl's ``*/*`` is none."""
    return (
        request.scope["method"] == "GET"
        and "text/html" in (header(request, b"accept") or "")
        and "query" not in request.query_params
    )


async def _replayed(results: list[ExecutionResult]) -> AsyncIterator[ExecutionResult]:
    for result in results:
        yield result
