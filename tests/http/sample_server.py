"""A small schema behind the product's real HTTP layer, on a real server."""

import asyncio
import io
import json
import logging
import threading
import time
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum
from typing import Any

import strawberry
import uvicorn
from starlette.applications import Starlette
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket
from strawberry.file_uploads import Upload
from strawberry.schema.config import StrawberryConfig
from strawberry.types import Info

from ecoctrl_gql.config import LogFormat, Settings
from ecoctrl_gql.engine import OperationCache
from ecoctrl_gql.errors import BadInputError, ForbiddenError, UnauthenticatedError
from ecoctrl_gql.http.access import AccessLog
from ecoctrl_gql.http.errors import MaskingSchema
from ecoctrl_gql.http.gate import End, RefusedError
from ecoctrl_gql.http.health import health_routes
from ecoctrl_gql.http.limits import PARSE_LIMITS, limit_errors
from ecoctrl_gql.http.metrics import Metrics
from ecoctrl_gql.http.middleware import EdgeMiddleware, cross_origin
from ecoctrl_gql.http.responses import EXCEPTION_HANDLERS
from ecoctrl_gql.http.server import server_options
from ecoctrl_gql.http.view import GraphQLView
from ecoctrl_gql.logs import LineWriter, configure_logging

SECRET = "correct horse battery staple"
FAULT = f"password={SECRET}, no relation users"
OTHER_ORIGIN = "https://app.example"
REQUEST_TIMEOUT_S = 1.0


@strawberry.enum
class Colour(Enum):
    RED = "red"
    GREEN = "green"


@strawberry.input
class Condition:
    text: str | None = None
    all_of: "list[Condition] | None" = None


@strawberry.type
class Node:
    name: str

    @strawberry.field
    def node(self) -> "Node":
        return self

    @strawberry.field
    def nodes(self, first: int = 1) -> "list[Node]":
        return [self] * first

    @strawberry.field
    def broken(self) -> str:
        raise RuntimeError(FAULT)


@strawberry.type
class Query:
    @strawberry.field
    def hello(self, name: str = "world") -> str:
        return f"Hello {name}"

    @strawberry.field
    def node(self) -> Node:
        return Node(name="root")

    @strawberry.field
    def optional(self) -> Node | None:
        return Node(name="optional")

    @strawberry.field
    def number(self, value: int = 1) -> int:
        return value

    @strawberry.field
    def floating(self, value: float = 1) -> float:
        return value

    @strawberry.field
    def anything(self, value: strawberry.scalars.JSON) -> strawberry.scalars.JSON:
        return value

    @strawberry.field
    def colour(self, value: Colour) -> Colour:
        return value

    @strawberry.field
    def matches(self, condition: Condition) -> bool:
        return condition.text is not None

    @strawberry.field
    def broken(self) -> str | None:
        raise RuntimeError(FAULT)

    @strawberry.field
    def forbidden(self) -> str | None:
        raise ForbiddenError("Only admins may see this.")

    @strawberry.field
    def refused(self) -> str:
        raise BadInputError("That can't be.")

    @strawberry.field
    async def slow(self, info: Info[Any, Any]) -> str:
        try:
            await asyncio.sleep(30)
        except asyncio.CancelledError:
            info.context["seen"].stopped += 1
            raise
        return "late"

    @strawberry.field
    def cookie(self, info: Info[Any, Any]) -> str:
        info.context["response"].set_cookie("taste", "good")
        info.context["response"].status_code = 202
        return "set"

    @strawberry.field
    def client(self, info: Info[Any, Any]) -> str:
        return str(info.context["request"].client.host)


@strawberry.type
class Mutation:
    @strawberry.mutation
    def touch(self, name: str = "x") -> str:
        return name

    @strawberry.mutation
    async def upload(self, file: Upload) -> str:
        assert isinstance(file, UploadFile)
        return f"{file.filename}:{len(await file.read())}"

    @strawberry.mutation
    async def uploads(self, files: list[Upload]) -> int:
        return sum([len(await file.read()) for file in files])


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def count(
        self, info: Info[Any, Any], to: int = 3, wait_s: float = 0.0
    ) -> AsyncGenerator[int, None]:
        try:
            for number in range(1, to + 1):
                yield number
                await asyncio.sleep(wait_s)
        finally:
            info.context["seen"].ended += 1

    @strawberry.subscription
    async def breaks(self) -> AsyncGenerator[int, None]:
        yield 1
        raise RuntimeError(f"password={SECRET}")


@dataclass
class Seen:
    """What happened inside the server."""

    stopped: int = 0
    ended: int = 0
    contexts: int = 0
    left: int = 0


@dataclass
class Server:
    port: int
    log: io.StringIO
    access: AccessLog
    seen: Seen = field(default_factory=Seen)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def socket_url(self) -> str:
        return f"ws://127.0.0.1:{self.port}/graphql"

    def log_lines(self, request_id: str, level: str, *, at_least: int = 1) -> list[dict[str, Any]]:
        """The lines of a request; some are written only after its answer, so they are waited for."""
        deadline = time.monotonic() + 10
        while True:
            lines = [json.loads(line) for line in self.log_text().splitlines()]
            found = [line for line in lines if (line.get("request_id"), line["level"]) == (request_id, level)]
            if len(found) >= at_least or time.monotonic() > deadline:
                return found
            time.sleep(0.02)

    def log_text(self) -> str:
        """All that was logged; lines still waiting to be written included."""
        self.access.flush()
        return self.log.getvalue()


def make_schema(*, production: bool = True, batching: int | None = None) -> MaskingSchema:
    return MaskingSchema(
        Query,
        Mutation,
        Subscription,
        extensions=[OperationCache(parse_options=PARSE_LIMITS, check=limit_errors)],
        config=StrawberryConfig(
            disable_field_suggestions=production,
            batching_config={"max_operations": batching} if batching else None,
        ),
    )


class Gate:
    """Lets in everybody but some tokens; a ping that shows one of them ends the socket."""

    async def admit(self, context: dict[str, Any]) -> None:
        await self.renew(context, context["connection_params"])

    async def renew(self, context: dict[str, Any], payload: dict[str, Any]) -> None:
        if payload.get("authorization") == "Bearer expired":
            raise RefusedError(4403, "Forbidden")
        if payload.get("authorization") == "Bearer breaks":
            raise RuntimeError(f"password={SECRET}")

    def hold(self, context: dict[str, Any], end: End) -> None:
        if context["request"].headers.get("authorization") == "Bearer ends":
            asyncio.get_running_loop().call_later(0.1, end, 4403, "The session has ended.")

    def leave(self, context: dict[str, Any]) -> None:
        context["seen"].left += 1


def make_view(seen: Seen, schema: MaskingSchema, *, with_ide: bool = True) -> GraphQLView:
    async def make_context(request: Request | WebSocket, response: Response | WebSocket) -> dict[str, Any]:
        seen.contexts += 1
        if request.headers.get("authorization") == "Bearer expired":
            raise UnauthenticatedError("The token has expired.")
        if request.headers.get("authorization") == "Bearer breaks":
            raise RuntimeError(f"password={SECRET}")
        return {"request": request, "response": response, "seen": seen}

    async def render_ide(_request: Request) -> Response:
        return HTMLResponse("<title>IDE</title>")

    return GraphQLView(
        schema,
        make_context,
        gate=Gate(),
        render_ide=render_ide if with_ide else None,
        allowed_origins=[OTHER_ORIGIN],
        operation_timeout_s=REQUEST_TIMEOUT_S,
        init_timeout=timedelta(seconds=0.5),
    )


async def read_body(request: Request) -> Response:
    return PlainTextResponse(str(len(await request.body())))


async def break_down(_request: Request) -> Response:
    raise RuntimeError(f"password={SECRET}")


async def ready() -> Sequence[str]:
    return ready_problems


ready_problems: list[str] = []


@contextmanager
def running_server(
    *, production: bool = True, batching: int | None = None, **settings: Any
) -> Iterator[Server]:
    """A server in a thread of its own, on a free port."""
    chosen = Settings(
        _env_file=None,
        port=0,
        request_timeout_s=REQUEST_TIMEOUT_S,
        log_format=settings.pop("log_format", LogFormat.JSON),
        **settings,
    )
    seen, stream, metrics = Seen(), io.StringIO(), Metrics()
    outer_handlers = logging.getLogger().handlers
    configure_logging(chosen, stream)
    view = make_view(seen, make_schema(production=production, batching=batching))
    routes = [
        Route("/routed", view),
        WebSocketRoute("/routed", view),
        Route("/body", read_body, methods=["POST"]),
        Route("/broken", break_down),
        *health_routes(ready, metrics),
    ]
    access = AccessLog(LineWriter(chosen, stream))
    edge = EdgeMiddleware(
        Starlette(routes=routes, exception_handlers=EXCEPTION_HANDLERS),
        request_timeout_s=chosen.request_timeout_s,
        metrics=metrics,
        access_log=access,
        direct={"/graphql": view},
    )
    config = uvicorn.Config(cross_origin(edge, chosen), **server_options(chosen))
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            thread.join(0.02)
            assert thread.is_alive()
        port = server.servers[0].sockets[0].getsockname()[1]
        yield Server(port, stream, access, seen)
    finally:
        server.should_exit = True
        thread.join()
        logging.getLogger().handlers = outer_handlers
