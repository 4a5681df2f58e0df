"""The cookie by which a browser is known again that was sent to a provider."""

import re
import secrets

from starlette.requests import HTTPConnection
from starlette.responses import Response

NAME = "ecoctrl_oauth"
SECURE_NAME = "__Host-ecoctrl_oauth"
"""Browsers take it from this very host alone, and over TLS alone."""

MAX_AGE_S = 600
_OURS = re.compile(r"[\w-]{43}", re.ASCII)


def browser_cookie(request: HTTPConnection, base: str) -> str:
    """The cookie of a browser, by where this server is reached; empty where it has none."""
    value = request.cookies.get(_name(base), "")
    return value if _OURS.fullmatch(value) else ""


def new_cookie() -> str:
    return secrets.token_urlsafe(32)


def set_browser_cookie(response: Response, base: str, value: str) -> None:
    """Have an answer set the cookie."""
    response.set_cookie(
        _name(base),
        value,
        max_age=MAX_AGE_S,
        path="/",
        secure=_is_secure(base),
        httponly=True,
        samesite="lax",  # the provider's page sends the browser back here by a link
    )


def _name(base: str) -> str:
    return SECURE_NAME if _is_secure(base) else NAME


def _is_secure(base: str) -> bool:
    return base.startswith("https://")
