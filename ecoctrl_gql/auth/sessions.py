"""Sessions: how a login begins one, a refresh keeps it, and what ends it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog

from ecoctrl_gql.auth import audit
from ecoctrl_gql.auth.access_tokens import AccessToken, AccessTokens
from ecoctrl_gql.auth.audit import Origin
from ecoctrl_gql.auth.caller import Caller
from ecoctrl_gql.auth.callers import Callers
from ecoctrl_gql.auth.keys import secret_hash
from ecoctrl_gql.auth.refresh_tokens import (
    is_refresh_token,
    new_refresh_token,
    open_successor,
    seal_successor,
)
from ecoctrl_gql.db.database import Database
from ecoctrl_gql.db.repositories import Repositories
from ecoctrl_gql.db.repositories.spent_refresh_tokens import SpentToken
from ecoctrl_gql.db.tables import PlatformConfigRow
from ecoctrl_gql.errors import ForbiddenError, UnauthenticatedError

LIFETIME = timedelta(days=7)
LIFETIME_COLUMNS = frozenset({"session_timeout", "enforce_session_timeout"})
OVER = "This session has ended; log in again."

log = structlog.stdlib.get_logger("ecoctrl.security")


@dataclass(frozen=True, slots=True)
class SignIn:
    """What a client gets that logged in or stayed logged in."""

    user_id: str
    session_id: str
    access_token: AccessToken
    refresh_token: str


class Sessions:
    """
    The sessions of all users, each a row of ``refresh_tokens``.

    Args:
        db: The database.
        tokens: Makes the access tokens.
        callers: Forgets the sessions that end here, so that they end at once.
        overlap_s: How long a refresh token that was used may be used once more: two tabs refresh at the same
            time, or an answer gets lost. Whoever uses it later may have stolen it, which ends the session.
    """

    def __init__(self, db: Database, tokens: AccessTokens, callers: Callers, overlap_s: float) -> None:
        self._db = db
        self._callers = callers
        self._tokens = tokens
        self._overlap = timedelta(seconds=overlap_s)

    async def begin(self, repos: Repositories, user_id: str, origin: Origin) -> SignIn:
        """
        Begin a session in a transaction of the caller's; the user's oldest make room for it.

        Raises:
            ForbiddenError: The user is disabled.
        """
        # The update also locks the user's row: of two logins at once, one sees the other's session.
        if not await repos.users.note_login(user_id, datetime.now(UTC).isoformat(timespec="seconds")):
            raise ForbiddenError("This account is disabled.")
        config = await repos.platform_configs.only(LIFETIME_COLUMNS | {"sessions_per_user"})
        limit = 1 if config is None else config.sessions_per_user
        if limit:
            await repos.refresh_tokens.keep_newest(user_id, limit - 1)
        token = new_refresh_token()
        session = await repos.refresh_tokens.create(
            user_id=user_id,
            token_hash=secret_hash(token),
            expires_at=datetime.now(UTC) + self._lifetime(config),
            device=origin.device[:500] or None,
            address=origin.address[:64] or None,
        )
        return self._sign_in(user_id, session.id, token)

    async def refresh(self, token: str, origin: Origin) -> SignIn:
        """
        Exchange a refresh token for a new one and a new access token.

        Raises:
            UnauthenticatedError: It is no token of a session that goes on. One that was used before, and not
                just now, ends its session.
        """
        if not is_refresh_token(token):
            raise UnauthenticatedError(OVER)
        successor = new_refresh_token()
        async with self._db.transaction() as repos:
            lifetime = self._lifetime(await repos.platform_configs.only(LIFETIME_COLUMNS))
            rotated = await repos.refresh_tokens.rotate(
                secret_hash(token), secret_hash(successor), lifetime, origin.address[:64] or None
            )
            if rotated is None:
                signed_in = await self._again(repos, token, origin)
            else:
                session_id, user_id = rotated
                await repos.spent_refresh_tokens.create(
                    token_hash=secret_hash(token),
                    session_id=session_id,
                    sealed_successor=seal_successor(token, successor),
                )
                await repos.spent_refresh_tokens.forget(session_id, LIFETIME)
                signed_in = self._sign_in(user_id, session_id, successor)
        if signed_in is None:
            raise UnauthenticatedError(OVER)
        return signed_in

    async def end(self, actor: Caller, session_id: str, origin: Origin) -> bool:
        """End a session of the caller's own; False where there is none such."""
        async with self._db.transaction() as repos:
            ended = await repos.refresh_tokens.end(actor.user_id, session_id)
            if ended:
                await repos.users.note_leaving(actor.user_id)
                await audit.record(
                    repos, actor, origin, "session.ended", f"user_{actor.user_id}", session=session_id
                )
        self._callers.forget(session_id)
        return ended

    async def end_others(self, actor: Caller, origin: Origin) -> int:
        """End all sessions of the caller's own but the present one; gives how many."""
        async with self._db.transaction() as repos:
            ended = await repos.refresh_tokens.end_others(actor.user_id, actor.session_id)
            if ended:
                await audit.record(
                    repos, actor, origin, "session.others_ended", f"user_{actor.user_id}", sessions=ended
                )
        self._callers.forget(*ended)
        return len(ended)

    async def apply_timeout(self, repos: Repositories) -> None:
        """Have the sessions that are there last as long as the platform's configuration now says."""
        config = await repos.platform_configs.only(LIFETIME_COLUMNS)
        await repos.refresh_tokens.set_lifetime(self._lifetime(config))

    def _lifetime(self, config: PlatformConfigRow | None) -> timedelta:
        """
        How long a session lasts from its last refresh on.

        Whether somebody is idle shows when the access token has expired: whoever is not, refreshes then.
        """
        if config is None or not config.enforce_session_timeout or not config.session_timeout:
            return LIFETIME
        return min(LIFETIME, self._tokens.lifetime + timedelta(minutes=config.session_timeout))

    async def _again(self, repos: Repositories, token: str, origin: Origin) -> SignIn | None:
        """The current tokens for one that was used just now; ends the session of one used before."""
        spent = await repos.spent_refresh_tokens.find_spent(secret_hash(token), self._overlap)
        if spent is None:
            return None
        if not spent.recent:
            await self._end_replayed(repos, spent, origin)
            return None
        current = await self._current(repos, token, spent)
        live = await repos.refresh_tokens.live([spent.session_id])
        if current is None or spent.session_id not in live:
            return None
        return self._sign_in(spent.user_id, spent.session_id, current)

    async def _current(self, repos: Repositories, token: str, spent: SpentToken) -> str | None:
        """The token that a session has now, found along the seals from one that was used just now."""
        step: SpentToken | None = spent
        while step is not None:
            if step.sealed_successor is None:
                return None
            token = open_successor(token, step.sealed_successor)
            if secret_hash(token) == step.current_hash:
                return token
            step = await repos.spent_refresh_tokens.find_spent(secret_hash(token), self._overlap)
        return None

    async def _end_replayed(self, repos: Repositories, spent: SpentToken, origin: Origin) -> None:
        await repos.refresh_tokens.end(spent.user_id, spent.session_id)
        await repos.users.note_leaving(spent.user_id)
        await audit.record(
            repos, None, origin, "session.replayed", f"user_{spent.user_id}", session=spent.session_id
        )
        log.warning(
            "A refresh token was used twice; its session is ended",
            user_id=spent.user_id,
            session_id=spent.session_id,
            client=origin.address,
        )

    def _sign_in(self, user_id: str, session_id: str, refresh_token: str) -> SignIn:
        return SignIn(user_id, session_id, self._tokens.issue(user_id, session_id), refresh_token)
