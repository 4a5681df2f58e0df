"""What every request to the studio must pass and every answer carries."""

import base64
import hashlib
import secrets
from urllib.parse import urlsplit

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

BODY_MAX_BYTES = 4 * 1024 * 1024
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

INLINE_HANDLERS = ("applyColumnVisibility()", "window.location = this.value")
"""The handlers that the library's templates have in attributes, where no nonce reaches them."""

log = structlog.get_logger("ecoctrl.studio")


class Guard:
    """Refuses requests from other sites and large bodies; adds the security headers."""

    def __init__(self, app: ASGIApp, public_url: str | None) -> None:
        self._app = app
        self._public = urlsplit(public_url or "")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        nonce = secrets.token_urlsafe(16)
        state = {**scope.get("state", {}), "csp_nonce": nonce}
        scope = {**scope, "scheme": self._scheme(scope, headers), "state": state}
        answer = _Answer(scope, send, nonce)
        if scope["method"] not in SAFE_METHODS and not self._same_site(headers):
            await PlainTextResponse("This form came from another site.", 403)(scope, receive, answer)
            return
        if scope["method"] not in SAFE_METHODS:
            body = await _body(receive)
            if body is None:
                await answer.instead("This is too much to send at once.", 413)
                return
            receive = _again(body, receive)
        try:
            await self._app(scope, receive, answer)
        except Exception:
            log.exception("request failed", path=scope["path"])
            await answer.instead("Something went wrong; the server's log tells what.", 500)

    def _scheme(self, scope: Scope, headers: Headers) -> str:
        """The scheme the browser used: a proxy in front may speak plain HTTP to us."""
        if self._public.netloc and headers.get("host") == self._public.netloc:
            return self._public.scheme
        return str(scope["scheme"])

    def _same_site(self, headers: Headers) -> bool:
        site, origin = headers.get("sec-fetch-site"), headers.get("origin")
        if site is not None:
            return site in ("same-origin", "none")
        if origin is not None:
            return urlsplit(origin).netloc in (headers.get("host"), self._public.netloc or None)
        return True  # no browser of today: the form's own token still has to be right


class _Answer:
    """The answer on its way out, with the headers put on."""

    def __init__(self, scope: Scope, send: Send, nonce: str) -> None:
        self._scope, self._send, self._nonce = scope, send, nonce
        self._started = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._started = True
            headers = MutableHeaders(scope=message)
            static = "/static/" in self._scope["path"] and message["status"] in (200, 304)
            headers["Cache-Control"] = "public, max-age=3600" if static else "no-store"
            headers.update(_security_headers(self._nonce))
        await self._send(message)

    async def instead(self, text: str, status: int) -> None:
        """Answer with a sentence, unless an answer is under way already."""
        if not self._started:
            await PlainTextResponse(text, status)(self._scope, _nothing, self)


def _security_headers(nonce: str) -> dict[str, str]:
    handlers = " ".join(f"'sha256-{_sha256(handler)}'" for handler in INLINE_HANDLERS)
    policy = {
        "default-src": "'none'",
        "script-src": f"'self' 'nonce-{nonce}' 'unsafe-hashes' {handlers}",
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data:",
        "font-src": "'self'",
        "connect-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }
    return {
        "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
    }


def _sha256(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


async def _body(receive: Receive) -> bytes | None:
    """The whole body, before anything is done with it; None where it is too large."""
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        if len(body) > BODY_MAX_BYTES:
            return None
        more = message.get("more_body", False)
    return body


def _again(body: bytes, receive: Receive) -> Receive:
    """What gives the body that was read already, and then what comes after it."""
    messages = iter([{"type": "http.request", "body": body}])

    async def again() -> Message:
        message = next(messages, None)
        return message if message is not None else await receive()

    return again


async def _nothing() -> Message:
    return {"type": "http.disconnect"}
