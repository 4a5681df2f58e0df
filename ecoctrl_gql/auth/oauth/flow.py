"""How a login with an external account goes: begun, sent back, exchanged, bound."""

import hmac
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from ecoctrl_gql.auth import audit
from ecoctrl_gql.auth.audit import Origin
from ecoctrl_gql.auth.caller import Caller
from ecoctrl_gql.auth.keys import secret_hash
from ecoctrl_gql.auth.oauth.accounts import link, link_of
from ecoctrl_gql.auth.oauth.providers import Identity, Provider, ProviderError
from ecoctrl_gql.auth.oauth.returning import require_allowed
from ecoctrl_gql.auth.service import Auth
from ecoctrl_gql.auth.sessions import SignIn
from ecoctrl_gql.db.database import Database
from ecoctrl_gql.db.enums import OAuthProvider
from ecoctrl_gql.db.repositories import Repositories
from ecoctrl_gql.errors import ForbiddenError, InvalidCredentialsError, NotFoundError

STATE_LIFETIME = timedelta(minutes=10)
CODE_LIFETIME = timedelta(minutes=2)
BINDING_LIFETIME = timedelta(minutes=10)

CLOSED = "This platform does not allow to log in with external accounts."
GONE = "This login is over or was used already; begin again."


@dataclass(frozen=True, slots=True)
class Begun:
    """A login that was begun: where the browser goes, and the cookie by which it is known again."""

    authorize_url: str
    cookie: str


@dataclass(frozen=True, slots=True)
class Returned:
    """Where the browser goes in the end, and what it takes along there; never a token."""

    return_to: str
    told: dict[str, str]


@dataclass(frozen=True, slots=True)
class Exchanged:
    """What a one-time code was worth: a session, or an account that nobody has linked yet."""

    sign_in: SignIn | None
    bind_token: str | None
    nickname: str | None


class OAuth:
    """
    Logins with external accounts.

    All that is under way stands in the database, so that any process can go on with it.
    """

    def __init__(self, db: Database, auth: Auth, callback_base: str, allowed: Sequence[str]) -> None:
        self._db, self._auth = db, auth
        self._callback_base, self._allowed = callback_base, allowed

    async def providers(self) -> list[Provider]:
        """Those that one may log in with now."""
        config = await self._db.repositories().platform_configs.only(frozenset({"allow_oauth_login"}))
        allowed = config is not None and config.allow_oauth_login
        return list(self._auth.providers.values()) if allowed else []

    async def begin(self, provider_id: OAuthProvider, return_to: str, linking: Caller | None) -> Begun:
        """
        Begin a login, or the linking of an account for whoever is logged in.

        Raises:
            ForbiddenError: External accounts are not allowed.
            NotFoundError: The provider is not configured.
            BadInputError: The page to return to is not allowed.
        """
        provider = await self._provider(provider_id)
        require_allowed(return_to, self._allowed, "input", "return_to")
        state, cookie = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
        await self._db.repositories().oauth_states.create(
            state_hash=secret_hash(state),
            browser_hash=secret_hash(cookie),
            provider=provider_id.value,
            return_to=return_to,
            user_id=None if linking is None else linking.user_id,
            expires_at=datetime.now(UTC) + STATE_LIFETIME,
        )
        return Begun(provider.authorize_url(self._callback(provider_id), state), cookie)

    async def come_back(
        self, provider_id: OAuthProvider, state: str, code: str | None, cookie: str, origin: Origin
    ) -> Returned:
        """
        The browser comes back from the provider.

        Raises:
            InvalidCredentialsError: This browser has not begun such a login, or too long ago.
        """
        begun = await self._db.repositories().oauth_states.take(secret_hash(state), provider_id)
        if begun is None or not hmac.compare_digest(begun.browser_hash, secret_hash(cookie)):
            raise InvalidCredentialsError(GONE)
        try:
            provider = await self._provider(provider_id)
            if not code:
                return Returned(begun.return_to, {"error": "DENIED"})
            identity = await provider.identify(code, self._callback(provider_id))
        except (ProviderError, ForbiddenError, NotFoundError) as error:
            return Returned(begun.return_to, {"error": error.code})
        if begun.user_id is not None:
            linked = await self._link_to(begun.user_id, identity, origin)
            return Returned(
                begun.return_to, {"linked": provider_id.value} if linked else {"error": "CONFLICT"}
            )
        async with self._db.transaction() as repos:
            user_id = await link_of(repos, self._auth.keys, identity)
            ticket = await self._ticket(repos, identity, user_id, CODE_LIFETIME)
        return Returned(begun.return_to, {"code": ticket})

    async def exchange(self, code: str, origin: Origin) -> Exchanged:
        """
        Exchange the one-time code that the browser came back with.

        Raises:
            InvalidCredentialsError: It is over, or was used.
            ForbiddenError: The account is disabled.
        """
        async with self._db.transaction() as repos:
            identity, user_id = await self._take(repos, code)
            if user_id is not None:
                await audit.record(
                    repos,
                    None,
                    origin,
                    "oauth.logged_in",
                    f"user_{user_id}",
                    provider=identity.provider.value,
                )
                return Exchanged(await self._auth.sessions.begin(repos, user_id, origin), None, None)
            bind_token = await self._ticket(repos, identity, None, BINDING_LIFETIME)
        return Exchanged(None, bind_token, identity.nickname)

    async def bind(self, repos: Repositories, bind_token: str, user_id: str, origin: Origin) -> SignIn:
        """
        Link the account behind a token to a user and log in, in a transaction of the caller's.

        Raises:
            InvalidCredentialsError: The token is over, or was used.
            ConflictError: The user has linked another account of this provider, or somebody this one.
            ForbiddenError: The user is disabled.
        """
        identity, _ = await self._take(repos, bind_token)
        await link(repos, self._auth.keys, user_id, identity)
        await audit.record(
            repos, None, origin, "oauth.linked", f"user_{user_id}", provider=identity.provider.value
        )
        return await self._auth.sessions.begin(repos, user_id, origin)

    async def _link_to(self, user_id: str, identity: Identity, origin: Origin) -> bool:
        async with self._db.transaction() as repos:
            if await link_of(repos, self._auth.keys, identity) not in (None, user_id):
                return False
            await link(repos, self._auth.keys, user_id, identity)
            await audit.record(
                repos, None, origin, "oauth.linked", f"user_{user_id}", provider=identity.provider.value
            )
        return True

    async def _provider(self, provider_id: OAuthProvider) -> Provider:
        allowed = await self.providers()
        if not allowed and self._auth.providers:
            raise ForbiddenError(CLOSED)
        found = next((provider for provider in allowed if provider.id is provider_id), None)
        if found is None:
            raise NotFoundError("This provider is not configured.", field=("input", "provider"))
        return found

    def _callback(self, provider_id: OAuthProvider) -> str:
        return f"{self._callback_base}/api/auth/oauth/{provider_id.value}/callback"

    async def _ticket(
        self, repos: Repositories, identity: Identity, user_id: str | None, lifetime: timedelta
    ) -> str:
        code = secrets.token_urlsafe(32)
        await repos.oauth_tickets.create(
            code_hash=secret_hash(code),
            provider=identity.provider.value,
            user_id=user_id,
            sealed_identity=self._auth.keys.seal(orjson.dumps(asdict(identity)).decode()),
            expires_at=datetime.now(UTC) + lifetime,
        )
        return code

    async def _take(self, repos: Repositories, code: str) -> tuple[Identity, str | None]:
        ticket = await repos.oauth_tickets.take(secret_hash(code))
        sealed = None if ticket is None else self._auth.keys.unseal(ticket.sealed_identity)
        if ticket is None or sealed is None:
            raise InvalidCredentialsError(GONE)
        return _identity(orjson.loads(sealed)), ticket.user_id


def _identity(stored: dict[str, Any]) -> Identity:
    identity = Identity(**stored)
    expires_at = stored["expires_at"]
    return replace(
        identity,
        provider=OAuthProvider(stored["provider"]),
        expires_at=None if expires_at is None else datetime.fromisoformat(expires_at),
    )
