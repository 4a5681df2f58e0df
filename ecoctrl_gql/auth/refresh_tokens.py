"""
Refresh tokens: 32 random bytes each, of which only the hash is stored.

A token that is spent keeps its successor under a seal that only the spent token opens: whoever presents it
again shortly after, as an honest client does whose answer was lost, can be given the successor, and the
stored rows alone give nobody a token.
"""

import base64
import binascii
import hashlib
import hmac
import secrets

BYTES = 32


def new_refresh_token() -> str:
    return secrets.token_urlsafe(BYTES)


def seal_successor(spent: str, successor: str) -> str:
    """The successor under the seal of the spent token, in hexadecimal."""
    return _mask(spent, _bytes_of(successor)).hex()


def open_successor(spent: str, sealed: str) -> str:
    """The successor that was sealed with a spent token."""
    token = _mask(spent, bytes.fromhex(sealed))
    return base64.urlsafe_b64encode(token).rstrip(b"=").decode()


def is_refresh_token(text: str) -> bool:
    """Whether a text has the form of a refresh token."""
    try:
        return text.isascii() and len(_bytes_of(text)) == BYTES
    except binascii.Error:
        return False


def _bytes_of(token: str) -> bytes:
    return base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))


def _mask(spent: str, data: bytes) -> bytes:
    """
    XOR with a pad that is derived from the spent token.

    The spent token is random and seals one thing in its life, so that this is a one-time pad.
    """
    pad = hmac.new(_bytes_of(spent), b"successor", hashlib.sha256).digest()
    return bytes(one ^ other for one, other in zip(data, pad, strict=True))
