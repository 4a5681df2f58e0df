"""Who sent a request: the token is verified once, and the session behind it looked up twice a second."""

import time

from ecoctrl_gql.auth.access_tokens import AccessTokens, Claims, require_current
from ecoctrl_gql.auth.api_keys import PREFIX, caller_of_key
from ecoctrl_gql.auth.caller import Caller
from ecoctrl_gql.db.database import Database
from ecoctrl_gql.errors import UnauthenticatedError

FRESH_S = 0.5
"""How long what is known of a session holds: so long at most does an ended one go on to be served."""

REMEMBERED = 4096
SCHEME = "bearer "
NOT_BEARER = "The Authorization header must be `Bearer` and an access token or API key."
ENDED = "This session has ended; log in again."


class Callers:
    """
    Tells callers by what they send as ``Authorization``.

    Nothing about a user is believed of a token: role, status and whether the session is still there are the
    database's, at most half a second old. A process remembers the sessions that it serves.
    """

    def __init__(self, db: Database, tokens: AccessTokens) -> None:
        self._db = db
        self._tokens = tokens
        self._claims: dict[str, Claims] = {}
        self._known: dict[str, tuple[float, Caller]] = {}

    async def of(self, authorization: str) -> Caller:
        """
        Who sends this.

        Raises:
            TokenExpiredError: The access token was good once.
            UnauthenticatedError: It is no token of ours, or its session has ended.
            UnavailableError: The database is away.
        """
        if authorization[len(SCHEME) : len(SCHEME) + len(PREFIX)] == PREFIX:
            return await self._of_key(authorization)
        claims = self.claims_of(authorization)
        known = self._known.get(claims.session_id)
        if known is not None and time.monotonic() - known[0] < FRESH_S and known[1].user_id == claims.user_id:
            return known[1]
        return await self._look_up(claims)

    def claims_of(self, authorization: str) -> Claims:
        """
        What the token says, once it is known to be one of ours.

        Raises:
            TokenExpiredError, UnauthenticatedError: As for `of`.
        """
        claims = self._claims.get(authorization)
        if claims is None:
            claims = self._tokens.read(bearer(authorization))
            if len(self._claims) >= REMEMBERED:
                self._claims.clear()
            self._claims[authorization] = claims
        require_current(claims)
        return claims

    def forget(self, *session_ids: str) -> None:
        """Look these sessions up anew at their next request: something about them has changed here."""
        for session_id in session_ids:
            self._known.pop(session_id, None)

    async def _of_key(self, authorization: str) -> Caller:
        known = self._known.get(authorization)
        if known is not None and time.monotonic() - known[0] < FRESH_S:
            return known[1]
        now = time.monotonic()
        self._known.pop(authorization, None)
        return self._remember(authorization, now, await caller_of_key(self._db, bearer(authorization)))

    def _remember(self, identity: str, since: float, caller: Caller) -> Caller:
        if len(self._known) >= REMEMBERED:
            self._known.clear()
        self._known[identity] = since, caller
        return caller

    async def _look_up(self, claims: Claims) -> Caller:
        now = time.monotonic()
        found = (await self._db.repositories().refresh_tokens.live([claims.session_id])).get(
            claims.session_id
        )
        if found is None or found[0] != claims.user_id:
            self._known.pop(claims.session_id, None)
            raise UnauthenticatedError(ENDED)
        user_id, username, role = found
        caller = Caller(user_id, username, role, session_id=claims.session_id)
        return self._remember(claims.session_id, now, caller)


def bearer(authorization: str) -> str:
    """
    The token of an ``Authorization`` header.

    Raises:
        UnauthenticatedError: It is of another kind.
    """
    if authorization[: len(SCHEME)].lower() != SCHEME:
        raise UnauthenticatedError(NOT_BEARER)
    return authorization[len(SCHEME) :].strip()
