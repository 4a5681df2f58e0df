"""GraphiQL, the editor for browsers: its page and its assets, all of them from this server."""

import gzip
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from html import escape
from pathlib import Path

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route, Router
from starlette.types import ASGIApp

ASSETS_DIRECTORY = Path(__file__).parents[1] / "static" / "graphiql"

# The editor writes its own <style> elements; scripts, workers and connections are this server's only.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; worker-src 'self'; connect-src 'self'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
SECURITY_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}

PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<link rel="icon" href="{assets}/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="{assets}/graphiql.css">
<script type="application/json" id="graphiql-config">{config}</script>
<script type="module" src="{assets}/graphiql.js"></script>
</head>
<body>
<div id="graphiql"></div>
<noscript>This page needs JavaScript. Programs send their GraphQL queries to this address by POST.</noscript>
</body>
</html>
"""

_HASHED = re.compile(r"^chunk-\w+\.js$")
_TYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".ttf": "font/ttf",
    ".txt": "text/plain",
}


@dataclass(frozen=True, slots=True)
class Example:
    """A query of the page's menu "Examples"; the first is what new visitors find in the editor."""

    name: str
    query: str
    variables: Mapping[str, object] = field(default_factory=dict)


def graphiql_page(
    *,
    examples: Sequence[Example] = (),
    login_hint: str = "",
    token_hint: str = "",
    endpoint: str = "/graphql",
    assets: str = "/graphiql",
    product: str = "EcoCtrl GraphQL",
) -> Response:
    """
    The page with the editor.

    ``login_hint`` is a sentence below the login form: where a newcomer finds a name and a password.
    ``token_hint`` is one below the form for a pasted token: where such tokens come from.
    ``endpoint`` and ``assets`` are paths on this server, without a slash at the end.
    """
    config = {
        "endpoint": endpoint,
        "product": product,
        "loginHint": login_hint,
        "tokenHint": token_hint,
        "examples": [_example_config(example) for example in examples],
    }
    page = PAGE.format(title=escape(product), assets=escape(assets), config=_script_json(config))
    return HTMLResponse(page, headers={**SECURITY_HEADERS, "Cache-Control": "no-cache", "Vary": "Accept"})


def graphiql_assets(directory: Path = ASSETS_DIRECTORY) -> ASGIApp:
    """The application that serves the page's assets; they are read once, here."""
    assets = {path.stem: _Asset(path.stem, path.read_bytes()) for path in directory.glob("*.gz")}

    # Not async, so that Starlette runs it in a thread: unpacking the largest file takes a while.
    def serve(request: Request) -> Response:
        asset = assets.get(request.path_params["name"])
        if asset is None:
            return Response("Not found.", 404, SECURITY_HEADERS, "text/plain")
        return asset.response(request)

    return Router([Route("/{name}", serve)])


class _Asset:
    """A file that is kept gzipped, and unpacked for the few clients that don't accept gzip."""

    def __init__(self, name: str, packed: bytes) -> None:
        self._packed = packed
        self._type = _TYPES[Path(name).suffix]
        self._digest = sha256(packed).hexdigest()[:32]
        # A hashed name never changes its contents; the others are asked for again, mostly for a 304.
        self._caching = "public, max-age=31536000, immutable" if _HASHED.match(name) else "no-cache"

    def response(self, request: Request) -> Response:
        packed = _accepts_gzip(request.headers.get("accept-encoding", ""))
        etag = f'"{self._digest}-gzip"' if packed else f'"{self._digest}"'
        headers = {
            **SECURITY_HEADERS,
            "Cache-Control": self._caching,
            "ETag": etag,
            "Vary": "Accept-Encoding",
        }
        if _matches(request.headers.get("if-none-match", ""), etag):
            return Response(status_code=304, headers=headers)
        if not packed:
            return Response(gzip.decompress(self._packed), headers=headers, media_type=self._type)
        headers["Content-Encoding"] = "gzip"
        return Response(self._packed, headers=headers, media_type=self._type)


def _example_config(example: Example) -> dict[str, str]:
    variables = json.dumps(dict(example.variables), indent=2, ensure_ascii=False) if example.variables else ""
    return {"name": example.name, "query": example.query.strip(), "variables": variables}


def _script_json(value: object) -> str:
    """JSON for inside a <script> element, which only ``<`` could end."""
    return json.dumps(value).replace("<", "\\u003c")


def _accepts_gzip(header: str) -> bool:
    """Whether an ``Accept-Encoding`` header allows gzip; ``gzip;q=0`` refuses it."""
    weights = {}
    for part in header.lower().replace(" ", "").split(","):
        coding, _, weight = part.partition(";q=")
        weights[coding] = weight
    weight = weights.get("gzip", weights.get("*", "0"))
    return weight.strip("0.") != "" or weight == ""


def _matches(if_none_match: str, etag: str) -> bool:
    known = (tag.strip().removeprefix("W/") for tag in if_none_match.split(","))
    return any(tag in (etag, "*") for tag in known)
