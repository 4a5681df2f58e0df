"""Asks a program elsewhere over HTTP."""

from typing import Any, Final

import orjson

from ecoctrl_gql.workflows.dsl.fields import label_text
from ecoctrl_gql.workflows.dsl.kinds.http_request import (
    HTTP_REQUEST,
    MAX_RETRIES,
    MAX_TIMEOUT_MS,
    METHODS,
    HttpRequestConfig,
)
from ecoctrl_gql.workflows.nodes.call import Action, NodeCall, Preview, retries_up_to
from ecoctrl_gql.workflows.nodes.failures import NodeFailure
from ecoctrl_gql.workflows.nodes.web import WebAnswer

DEFAULT_TIMEOUT_MS: Final = 10_000
BUSY: Final = 429
AGAIN: Final = (BUSY, 500, 502, 503, 504)
"""What is asked again as long as the config says so."""

NO_CHARSETS: Final = ("idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined")
"""What Python decodes besides: escapes, and names of hosts, for which it takes forever when they are long."""


async def run(call: NodeCall[HttpRequestConfig]) -> dict[str, Any]:
    config = call.config
    method, headers, body = _request(call)
    timeout_ms = min(config.timeout_ms or DEFAULT_TIMEOUT_MS, MAX_TIMEOUT_MS)
    answer = await call.tools.web.ask(method, config.url, headers, body, timeout_ms / 1000)
    result = _result(answer)
    if answer.status in AGAIN and call.tries_left:
        raise NodeFailure(f"The answer was {answer.status} {answer.reason}.", result)
    if config.fail_on_status and answer.status >= 400:
        raise NodeFailure(f"The answer was {answer.status} {answer.reason}.", result)
    return result


async def preview(call: NodeCall[HttpRequestConfig]) -> Preview:
    method, headers, body = _request(call)
    effect = {
        "method": method,
        "url": call.config.url,
        "headers": sorted(headers),
        "body": None if body is None else call.config.body,
    }
    nothing: dict[str, Any] = {}
    result = {
        "statusCode": 200,
        "statusText": "OK",
        "headers": {},
        "body": nothing,
        "responseBody": nothing,
    }
    return Preview(result, effect)


def _request(call: NodeCall[HttpRequestConfig]) -> tuple[str, dict[str, str], bytes | None]:
    config = call.config
    method = (config.method or "GET").upper()
    if method not in METHODS:
        raise NodeFailure(f"There is no method {method[:20]}.")
    headers = {"User-Agent": "EcoCtrl", "Idempotency-Key": call.key}
    for name, value in (config.headers or {}).items():
        if isinstance(value, dict | list):
            raise NodeFailure(f"The header {name[:40]} must be text.")
        headers = {known: kept for known, kept in headers.items() if known.lower() != name.lower()}
        headers[name] = "" if value is None else label_text(value)
    if config.body is None or config.body == "":
        return method, headers, None
    text = isinstance(config.body, str)
    if "content-type" not in map(str.lower, headers):
        headers["Content-Type"] = "text/plain; charset=utf-8" if text else "application/json"
    try:
        return method, headers, config.body.encode() if text else orjson.dumps(config.body)
    except (TypeError, UnicodeEncodeError):
        raise NodeFailure("The body holds half a character or something else that can't be sent.") from None


def _result(answer: WebAnswer) -> dict[str, Any]:
    body = _body(answer)
    return {
        "statusCode": answer.status,
        "statusText": answer.reason,
        "headers": dict(answer.headers),
        "body": body,
        "responseBody": body,
    }


def _body(answer: WebAnswer) -> Any:
    """The body as JSON where it is said to be, or looks like it; as text otherwise."""
    says_json = "json" in answer.headers.get("content-type", "").lower()
    if says_json or answer.body.lstrip()[:1] in (b"{", b"["):
        try:
            return orjson.loads(answer.body)
        except ValueError:
            pass
    encoding = answer.encoding if answer.encoding.lower() not in NO_CHARSETS else "utf-8"
    try:
        return answer.body.decode(encoding, errors="replace")
    except (LookupError, ValueError):
        return answer.body.decode(errors="replace")


ACTION = Action(
    HTTP_REQUEST,
    run,
    preview,
    retries=retries_up_to(MAX_RETRIES),
    retry_delay_ms=1000,
)
