"""Asks a program elsewhere over HTTP."""

import re
from collections.abc import Iterable
from typing import Annotated, Any

from pydantic import Field

from ecoctrl_gql.workflows.dsl.fields import Count, Flag, Mapping, NodeConfig
from ecoctrl_gql.workflows.dsl.problems import Finding, Rule, shown
from ecoctrl_gql.workflows.dsl.registry import Effect, NodeKind, Output
from ecoctrl_gql.workflows.dsl.rules import above_limit

MAX_TIMEOUT_MS = 30_000
MAX_RETRIES = 5
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")


class HttpRequestConfig(NodeConfig):
    """What is asked."""

    url: Annotated[str, Field(min_length=1, description="The address, beginning with http:// or https://.")]
    method: Annotated[str | None, Field(description=f"{', '.join(METHODS)}; GET by default.")] = None
    headers: Annotated[Mapping | None, Field(description="Headers by name.")] = None
    body: Annotated[Any, Field(description="The body: text as it is, all else as JSON.")] = None
    timeout_ms: Annotated[
        Count | None,
        Field(description="How long to wait, in milliseconds; 10,000 by default, 30,000 at most."),
    ] = None
    retry: Annotated[
        Count | None,
        Field(
            description="How often to ask again where nobody answers, or with 429 or 500 to 504; 5 at most."
        ),
    ] = None
    fail_on_status: Annotated[
        Flag | None, Field(description="Whether a status from 400 on means failure; it does not by default.")
    ] = None


def check_http_request(config: HttpRequestConfig) -> Iterable[Finding]:
    if "{{" not in config.url and not re.match(r"(?i)https?://[^/?#\s]", config.url.strip()):
        message = f'"{shown(config.url)}" is no address of a web service.'
        yield Finding(("url",), Rule.VALUE, message, "Write it with http:// or https:// and a host.")
    method = config.method or "GET"
    if "{{" not in method and method.upper() not in METHODS:
        yield Finding(
            ("method",), Rule.VALUE, f"There is no method {shown(method)}.", f"One of {', '.join(METHODS)}."
        )
    yield from above_limit("timeoutMs", config.timeout_ms, MAX_TIMEOUT_MS)
    yield from above_limit("retry", config.retry, MAX_RETRIES)


HTTP_REQUEST = NodeKind(
    "http_request",
    HttpRequestConfig,
    "Asks a program elsewhere over HTTP.",
    outputs=(
        Output("statusCode", "The status of the answer."),
        Output("statusText", "The status in words."),
        Output("headers", "The headers of the answer, by their names in lower case."),
        Output("body", "The body: parsed where it is JSON, else text."),
        Output("responseBody", "The same as body."),
    ),
    effect=Effect.OUTSIDE,
    check=check_http_request,
)
