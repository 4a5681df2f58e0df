"""Access tokens: JSON web tokens (RFC 7519) that name a user and a session for a quarter of an hour."""

import secrets
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import jwt

from ecoctrl_gql.errors import TokenExpiredError, UnauthenticatedError

ALGORITHM = "HS256"
CLOCK_SKEW_S = 5
"""How far the clocks of the machines that serve together may differ."""

LONGEST = 2_000
"""Longer texts are no token of ours; nobody needs to parse them."""

INVALID = "The access token is not valid; log in again."


@dataclass(frozen=True, slots=True)
class AccessToken:
    text: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Claims:
    """What a valid token says; ``expires_at_s`` is in seconds since 1970."""

    user_id: str
    session_id: str
    expires_at_s: float


class AccessTokens:
    """
    Makes and reads access tokens.

    Args:
        key: What they are signed with, at least 32 bytes.
        lifetime_s: How long they are good.

    Attributes:
        lifetime: How long they are good.
    """

    def __init__(self, key: bytes, lifetime_s: float) -> None:
        self._key = key
        self.lifetime = timedelta(seconds=lifetime_s)

    def issue(self, user_id: str, session_id: str) -> AccessToken:
        now = datetime.now(UTC)
        expires_at = now + self.lifetime
        claims = {
            "sub": user_id,
            "sid": session_id,
            "iat": now,
            "exp": expires_at,
            "jti": secrets.token_urlsafe(12),
        }
        return AccessToken(jwt.encode(claims, self._key, ALGORITHM), expires_at.replace(microsecond=0))

    def read(self, text: str) -> Claims:
        """
        The claims of a token.

        Raises:
            TokenExpiredError: It was good once.
            UnauthenticatedError: It is not one of ours.
        """
        if len(text) > LONGEST:
            raise UnauthenticatedError(INVALID)
        try:
            claims = jwt.decode(
                text,
                self._key,
                algorithms=[ALGORITHM],
                leeway=CLOCK_SKEW_S,
                options={"require": ["sub", "sid", "iat", "exp", "jti"], "verify_exp": False},
            )
            found = Claims(str(UUID(claims["sub"])), str(UUID(claims["sid"])), float(claims["exp"]))
        except (jwt.PyJWTError, ValueError, TypeError, AttributeError):
            raise UnauthenticatedError(INVALID) from None
        require_current(found)
        return found


def require_current(claims: Claims) -> None:
    """
    Make sure that a token has not expired.

    Raises:
        TokenExpiredError: It has.
    """
    if claims.expires_at_s <= time.time():
        raise TokenExpiredError("The access token has expired; refresh the session.")
