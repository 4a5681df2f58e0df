"""How uvicorn is to serve the application."""

import resource
from typing import Any

from ecoctrl_gql.config import Settings
from ecoctrl_gql.http.protocol import BoundedHttpProtocol
from ecoctrl_gql.http.websocket_protocol import BoundedWebSocketProtocol

MAX_FRAME_BYTES = 1_048_576
MAX_CONNECTIONS = 4_096
# For the database, logs and files.
RESERVED_FILES = 128


def server_options(settings: Settings) -> dict[str, Any]:
    """The arguments of ``uvicorn.run`` and ``uvicorn.Config``, but for the application."""
    return {
        "host": settings.host,
        "port": settings.port,
        "workers": settings.workers,
        "http": BoundedHttpProtocol,
        "ws": BoundedWebSocketProtocol,
        "ws_max_size": MAX_FRAME_BYTES,
        "ws_per_message_deflate": False,
        "timeout_keep_alive": 30,
        "timeout_graceful_shutdown": 10,
        "limit_concurrency": max_connections(),
        # uvicorn takes the last address that no trusted proxy stands behind.
        "proxy_headers": bool(settings.trusted_proxies),
        "forwarded_allow_ips": list(settings.trusted_proxies),
        "server_header": False,
        "access_log": False,
        "log_config": None,
    }


def max_connections() -> int:
    """As many as there may be open files: a refusal serves clients better than a server out of them."""
    soft, _hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        return MAX_CONNECTIONS
    return max(RESERVED_FILES, min(MAX_CONNECTIONS, soft - RESERVED_FILES))
