"""Calls of webhooks: what they say, and whether they are to be believed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from secrets import token_hex
from typing import Any, Final

import orjson

from ecoctrl_gql.errors import BadInputError
from ecoctrl_gql.workflows.dsl.kinds.triggers import WebhookConfig
from ecoctrl_gql.workflows.triggers.networks import is_allowed, parse_network
from ecoctrl_gql.workflows.triggers.signatures import DEFAULT_TOLERANCE_S, signature_fault

MAX_KEY: Final = 255

STRANGER: Final = WebhookConfig(secret=token_hex())
"""What a call is checked with where there is nothing to check it with, so that it takes as long."""


@dataclass(frozen=True, slots=True)
class Call:
    """
    A call as it came.

    Attributes:
        headers: The headers, by their names in lower case.
        client: The caller's address; None where it can't be told.
    """

    slug: str
    headers: Mapping[str, str]
    body: bytes
    client: str | None
    at: datetime


def fault_of(config: WebhookConfig, call: Call) -> str | None:
    """Why a trigger does not believe a call, for the log; None where it does."""
    networks = [parse_network(text) for text in config.allowed_ips or ()]
    allowed = config.allowed_ips is None or is_allowed(call.client, networks)
    fault = signature_fault(
        config.secret or STRANGER.secret or "",
        call.body,
        call.headers,
        call.at,
        timestamp_required=bool(config.require_timestamp),
        tolerance_s=config.tolerance_seconds or DEFAULT_TOLERANCE_S,
    )
    if not allowed:
        return "The address is not allowed."
    return str(fault) if fault and config.secret else None


def says_json(headers: Mapping[str, str]) -> bool:
    """Whether a body says that it is JSON, which a browser lets no page of another site say."""
    media_type = headers.get("content-type", "").partition(";")[0].strip().lower()
    return media_type == "application/json" or (
        media_type.startswith("application/") and media_type.endswith("+json")
    )


def payload_of(body: bytes) -> dict[str, Any]:
    """
    What a body says: its members where it is an object, any other JSON under ``body``, nothing for nothing.

    Raises:
        BadInputError: It is no JSON, or none that can be stored.
    """
    if not body.strip():
        return {}
    try:
        value = orjson.loads(body)
        storable = b"\\u0000" not in orjson.dumps(value)
    except (ValueError, TypeError):
        raise BadInputError("The body is no JSON.") from None
    if not storable:
        raise BadInputError("A text holds a NUL character, which can't be stored.")
    return value if isinstance(value, dict) else {"body": value}


def idempotency_key(headers: Mapping[str, str]) -> str | None:
    """
    What tells that a call repeats an earlier one, of bounded length; None where it doesn't say.

    Raises:
        BadInputError: It is empty or too long.
    """
    key = headers.get("idempotency-key")
    if key is None:
        return None
    if not 0 < len(key) <= MAX_KEY:
        raise BadInputError(f"An Idempotency-Key has 1 to {MAX_KEY} characters.")
    return sha256(key.encode(errors="surrogateescape")).hexdigest()


def call_of(slug: str, headers: Mapping[str, str], body: bytes, client: str | None) -> Call:
    """A call that comes now."""
    return Call(slug, headers, body, client, datetime.now(UTC))
