"""One line in the log for each request, written in batches."""

import asyncio
from datetime import UTC, datetime
from typing import Any

from starlette.types import Scope

from ecoctrl_gql.http.exchange import Exchange
from ecoctrl_gql.logs import LineWriter

FLUSH_AFTER_S = 0.2

# Probes ask for these every few seconds.
QUIET_PATHS = frozenset({"/health", "/ready", "/metrics"})
# One visit to GraphiQL asks for some thirty of these, which say nothing about the API.
ASSETS = "/graphiql/"


class AccessLog:
    """
    Gathers the lines and writes them together, so that a request pays for no write of its own.

    ``debug`` adds the lines of the level debug, which are those of GraphiQL's assets.
    """

    def __init__(self, writer: LineWriter, *, debug: bool = False) -> None:
        self._writer = writer
        self._debug = debug
        self._pending: list[dict[str, Any]] = []

    def record(self, scope: Scope, exchange: Exchange) -> None:
        path: str = scope["path"]
        level = "debug" if path.startswith(ASSETS) else "info"
        if path in QUIET_PATHS or (level == "debug" and not self._debug):
            return
        if not self._pending:
            asyncio.get_running_loop().call_later(FLUSH_AFTER_S, self.flush)
        self._pending.append(_entry(scope, path, level, exchange))

    def flush(self) -> None:
        """Write what is pending; also to be called before the server ends."""
        if self._pending:
            pending, self._pending = self._pending, []
            self._writer.write(pending)


def _entry(scope: Scope, path: str, level: str, exchange: Exchange) -> dict[str, Any]:
    client = scope.get("client")
    operation = exchange.operation
    return {
        "event": "request",
        "level": level,
        "logger": "ecoctrl.access",
        "timestamp": datetime.now(UTC),
        "request_id": exchange.request_id,
        "client": client[0] if client else None,
        "method": scope.get("method", "WEBSOCKET"),
        "path": path,
        "operation": operation.name if operation is not None else None,
        "kind": operation.kind if operation is not None else None,
        "status": exchange.status,
        "duration_ms": round(exchange.duration_s * 1000, 2),
    }
