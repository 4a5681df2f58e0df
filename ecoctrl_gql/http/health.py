"""Whether the server lives, whether it can serve, and its figures."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import structlog
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ecoctrl_gql.http.metrics import Metrics

# Names what is missing, in words fit for strangers; nothing when all is well.
ReadyCheck = Callable[[], Awaitable[Sequence[str]]]

CHECK_TIMEOUT_S = 8.0  # more than the wait for a connection, whose end says what is wrong
_NO_STORE = {"Cache-Control": "no-store"}

log = structlog.stdlib.get_logger("ecoctrl.health")


def health_routes(check: ReadyCheck, metrics: Metrics) -> list[Route]:
    """``/health``, ``/ready`` and ``/metrics``."""

    async def health(_request: Request) -> Response:
        return JSONResponse({"status": "alive"}, headers=_NO_STORE)

    async def ready(_request: Request) -> Response:
        problems = await _problems(check)
        if problems:
            return JSONResponse({"status": "unready", "problems": problems}, 503, headers=_NO_STORE)
        return JSONResponse({"status": "ready"}, headers=_NO_STORE)

    async def figures(_request: Request) -> Response:
        return Response(metrics.render(), headers=_NO_STORE | {"Content-Type": CONTENT_TYPE_LATEST})

    return [Route("/health", health), Route("/ready", ready), Route("/metrics", figures)]


async def _problems(check: ReadyCheck) -> list[str]:
    try:
        async with asyncio.timeout(CHECK_TIMEOUT_S):
            return list(await check())
    except Exception:
        log.exception("The check for readiness failed")
        return ["The check itself failed; the log says why."]
