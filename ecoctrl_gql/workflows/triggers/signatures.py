"""Signatures of webhook calls."""

import hmac
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

SIGNATURE_HEADERS = ("x-webhook-signature", "x-hub-signature-256")
TIMESTAMP_HEADER = "x-webhook-timestamp"
DEFAULT_TOLERANCE_S = 300.0


class SignatureFault(StrEnum):
    """Why a call is not believed."""

    MISSING = "The call has no signature."
    WRONG = "The signature does not fit the body."
    NO_TIMESTAMP = "The call has no timestamp."
    BAD_TIMESTAMP = "The timestamp is no number of seconds since 1970."
    STALE = "The timestamp is too far from now."


def sign(secret: str, body: bytes, timestamp: str | None = None) -> str:
    """The hexadecimal HMAC-SHA256 of a body, or of ``<timestamp>.<body>``."""
    signed = body if timestamp is None else timestamp.encode() + b"." + body
    return hmac.new(secret.encode(), signed, sha256).hexdigest()


def signature_fault(
    secret: str,
    body: bytes,
    headers: Mapping[str, str],
    now: datetime,
    *,
    timestamp_required: bool = False,
    tolerance_s: float = DEFAULT_TOLERANCE_S,
) -> SignatureFault | None:
    """
    Look whether a call was signed by somebody who knows the secret.

    The signature is over the bytes of the body as they came. A call with a timestamp must be recent and may
    sign ``<timestamp>.<body>``. Only where that is required are old calls refused that somebody recorded: a
    signature over the body alone fits at any time.

    Args:
        secret: The webhook's secret.
        body: The bytes of the body.
        headers: The headers by their names in lower case, or without regard to case.
        now: The present.
        timestamp_required: Whether a call must have a timestamp, and sign it.
        tolerance_s: How far the timestamp may be from the present, in seconds.

    Returns:
        Why the call is not to be believed; None where it is.
    """
    given = next((value for name in SIGNATURE_HEADERS if (value := headers.get(name))), None)
    timestamp = headers.get(TIMESTAMP_HEADER)
    if given is None:
        return SignatureFault.MISSING
    if timestamp is None and timestamp_required:
        return SignatureFault.NO_TIMESTAMP
    fault = None if timestamp is None else _timestamp_fault(timestamp, now, tolerance_s)
    if fault:
        return fault
    expected = [] if timestamp is None else [sign(secret, body, timestamp)]
    if not timestamp_required:
        expected.append(sign(secret, body))
    return None if any(_same(given, one) for one in expected) else SignatureFault.WRONG


def _same(given: str, expected: str) -> bool:
    """Compare in a time that does not tell how much of it fits; any text is taken, of any length."""
    bare = given.strip().removeprefix("sha256=").lower()
    return hmac.compare_digest(bare.encode(errors="replace"), expected.encode())


def _timestamp_fault(timestamp: str, now: datetime, tolerance_s: float) -> SignatureFault | None:
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        return SignatureFault.BAD_TIMESTAMP
    return SignatureFault.STALE if abs(now.timestamp() - int(timestamp)) > tolerance_s else None
