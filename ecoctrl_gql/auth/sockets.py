"""The right to a websocket or an event stream: shown when it opens, looked at again while it is open."""

import asyncio
from typing import Any

from starlette.websockets import WebSocket, WebSocketState

from ecoctrl_gql.auth.caller import Caller
from ecoctrl_gql.auth.callers import Callers
from ecoctrl_gql.auth.watch import EXPIRED, REVOKED, Watch, Watched
from ecoctrl_gql.errors import TokenExpiredError, UnauthenticatedError
from ecoctrl_gql.http.gate import End, RefusedError

AUTHORIZATION = "authorization"


class SocketRights:
    """
    Lets sockets in by the ``authorization`` of their ``connection_init``, and watches them and the streams.

    Without one a caller is nobody, who may do what needs no login. A client renews its token by a ``ping``
    whose payload holds the new ``authorization``, before the old one expires.
    """

    def __init__(self, callers: Callers, watch: Watch) -> None:
        self._callers = callers
        self._watch = watch

    async def admit(self, context: Any) -> None:
        authorization = _authorization(context.connection_params or {})
        if authorization is not None:
            context.caller = await self._caller(authorization)
            context.watched = Watched(authorization, context.caller, _closing(context.request))
            self._watch.add(context.watched)

    async def renew(self, context: Any, payload: dict[str, Any]) -> None:
        authorization = _authorization(payload)
        if authorization is None or context.watched is None:
            return
        if await self._caller(authorization) != context.caller:
            raise RefusedError(REVOKED, "This token is another's; connect again.")
        context.watched.authorization = authorization

    def hold(self, context: Any, end: End) -> None:
        if context.caller is not None:
            authorization = context.request.headers[AUTHORIZATION]
            context.watched = Watched(authorization, context.caller, end)
            self._watch.add(context.watched)

    def leave(self, context: Any) -> None:
        if context.watched is not None:
            self._watch.remove(context.watched)

    async def _caller(self, authorization: str) -> Caller:
        try:
            return await self._callers.of(authorization)
        except TokenExpiredError as error:
            raise RefusedError(EXPIRED, error.message) from None
        except UnauthenticatedError as error:
            raise RefusedError(REVOKED, error.message) from None


def _authorization(payload: dict[str, Any]) -> str | None:
    """What a payload shows, however its name is spelled; None where it shows nothing."""
    for name, value in payload.items():
        if name.lower() == AUTHORIZATION and value is not None:
            if not isinstance(value, str):
                raise RefusedError(REVOKED, "`authorization` must be a string.")
            return value
    return None


def _closing(socket: WebSocket) -> End:
    closing: set[asyncio.Task[None]] = set()  # the event loop alone would not keep it alive

    async def close(code: int, reason: str) -> None:
        if socket.application_state is not WebSocketState.DISCONNECTED:
            await socket.close(code, reason)

    def end(code: int, reason: str) -> None:
        task = asyncio.ensure_future(close(code, reason))
        closing.add(task)
        task.add_done_callback(closing.discard)

    return end
