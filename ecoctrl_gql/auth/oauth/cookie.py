"""The cookie by which a browser is known again that began a login."""

from typing import Any

from starlette.requests import HTTPConnection

from ecoctrl_gql.errors import BadInputError

NAME = "ecoctrl_oauth"
SECURE_NAME = "__Host-ecoctrl_oauth"
"""Browsers take it from this very host alone, and over TLS alone."""

MAX_AGE_S = 600


def set_browser_cookie(response: Any, request: HTTPConnection | None, value: str) -> None:
    """
    Have the answer set the cookie.

    Raises:
        BadInputError: There is no answer that could, as on a websocket.
    """
    if response is None or request is None or request.scope["type"] != "http":
        raise BadInputError("Begin a login over HTTP: it sets a cookie.")
    secure = request.url.scheme == "https"
    response.set_cookie(
        SECURE_NAME if secure else NAME,
        value,
        max_age=MAX_AGE_S,
        path="/",
        secure=secure,
        httponly=True,
        samesite="lax",  # the provider's page sends the browser back here
    )


def browser_cookie(request: HTTPConnection) -> str:
    """The cookie of a browser that comes back; empty where there is none."""
    return request.cookies.get(SECURE_NAME if request.url.scheme == "https" else NAME, "")
