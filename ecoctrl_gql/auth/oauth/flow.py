"""How a login with an external account goes: begun, sent back, exchanged, bound."""

import secrets
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from ecoctrl_gql.auth import audit, limits
from ecoctrl_gql.auth.audit import Origin
from ecoctrl_gql.auth.caller import Caller
from ecoctrl_gql.auth.keys import secret_hash
from ecoctrl_gql.auth.limits import Limit
from ecoctrl_gql.auth.oauth import tickets
from ecoctrl_gql.auth.oauth.accounts import link, link_of
from ecoctrl_gql.auth.oauth.cookie import new_cookie
from ecoctrl_gql.auth.oauth.providers import Identity, Provider
from ecoctrl_gql.auth.oauth.returning import require_allowed
from ecoctrl_gql.auth.oauth.steps import Begun, Exchanged, Returned, Started
from ecoctrl_gql.auth.oauth.tickets import GONE
from ecoctrl_gql.auth.service import Auth
from ecoctrl_gql.auth.sessions import SignIn
from ecoctrl_gql.db.database import Database
from ecoctrl_gql.db.enums import OAuthProvider, TicketPurpose
from ecoctrl_gql.db.repositories import Repositories
from ecoctrl_gql.db.repositories.oauth_states import BegunLogin
from ecoctrl_gql.errors import (
    EcoctrlError,
    ForbiddenError,
    InvalidCredentialsError,
    NotFoundError,
    UnauthenticatedError,
)

START = "/api/auth/oauth/{provider}/start"
CALLBACK = "/api/auth/oauth/{provider}/callback"

STATE_LIFETIME = timedelta(minutes=10)

CLOSED = "This platform does not allow to log in with external accounts."

BEGUN_BY_CLIENT = Limit("external login begun by client", attempts=100, period_s=600)
TRIED_BY_CLIENT = Limit("external login tried by client", attempts=30, period_s=600)
"""Codes and bind tokens that were no good."""


class OAuth:
    """
    Logins with external accounts.

    All that is under way stands in the database, so that any process can go on with it. A login ends where it
    began: the browser that comes back from the provider must be the one that was sent there, by its cookie,
    and the page that exchanges the code must be the one that began, by the verifier that it has kept. Else
    somebody could have another log in to, or link, an account of the former.

    Attributes:
        base: Where this server is reached.
    """

    def __init__(self, db: Database, auth: Auth, base: str, allowed: Sequence[str]) -> None:
        self._db, self._auth, self._allowed = db, auth, allowed
        self.base = base

    async def providers(self) -> list[Provider]:
        """Those that one may log in with now."""
        config = await self._db.repositories().platform_configs.only(frozenset({"allow_oauth_login"}))
        allowed = config is not None and config.allow_oauth_login
        return list(self._auth.providers.values()) if allowed else []

    async def begin(
        self, provider_id: OAuthProvider, return_to: str, linking: Caller | None, origin: Origin
    ) -> Begun:
        """
        Begin a login, or the linking of an account for whoever is logged in.

        Raises:
            ForbiddenError: External accounts are not allowed.
            NotFoundError: The provider is not configured.
            BadInputError: The page to return to is not allowed.
            RateLimitedError: This client has begun too many.
        """
        await self._provider(provider_id)
        require_allowed(return_to, self._allowed, "input", "return_to")
        await limits.take(self._db, BEGUN_BY_CLIENT, origin.address)
        state, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
        await self._db.repositories().oauth_states.create(
            state_hash=secret_hash(state),
            verifier_hash=secret_hash(verifier),
            provider=provider_id.value,
            return_to=return_to,
            user_id=None if linking is None else linking.user_id,
            expires_at=datetime.now(UTC) + STATE_LIFETIME,
        )
        return Begun(f"{self._address(START, provider_id)}?state={state}", verifier)

    async def start(self, provider_id: OAuthProvider, state: str, browser: str) -> Started:
        """
        A browser goes to the provider: the first to do so with a state is the one that may come back.

        Args:
            provider_id: Where it goes.
            state: What was begun.
            browser: The cookie that it has already; empty for none.

        Raises:
            InvalidCredentialsError: No such login was begun, or another browser has started it.
            ForbiddenError, NotFoundError: As for `begin`.
        """
        provider = await self._provider(provider_id)
        cookie = browser or new_cookie()
        states = self._db.repositories().oauth_states
        if not await states.start(secret_hash(state), provider_id, secret_hash(cookie)):
            raise InvalidCredentialsError(GONE)
        return Started(provider.authorize_url(self._address(CALLBACK, provider_id), state), cookie)

    async def come_back(
        self, provider_id: OAuthProvider, state: str, code: str | None, browser: str
    ) -> Returned:
        """
        The browser comes back from the provider; whatever went wrong there is told to its page.

        Raises:
            InvalidCredentialsError: This browser has not started such a login, or too long ago.
        """
        states = self._db.repositories().oauth_states
        begun = await states.take(secret_hash(state), provider_id, secret_hash(browser))
        if begun is None:
            raise InvalidCredentialsError(GONE)
        try:
            told = await self._outcome(begun, provider_id, code)
        except EcoctrlError as error:
            told = {"error": error.code}
        return Returned(begun.return_to, told)

    async def exchange(self, code: str, verifier: str, caller: Caller | None, origin: Origin) -> Exchanged:
        """
        Exchange the one-time code that the browser came back with.

        Args:
            code: The code.
            verifier: What the page that began has kept.
            caller: Who is logged in; for linking an account it is the one who began.
            origin: Where the request comes from.

        Raises:
            InvalidCredentialsError: It is over, was used, or is another page's or user's.
            UnauthenticatedError: It is to link an account, and nobody is logged in; it is still good then.
            ConflictError: The account can't be linked: somebody else has, or the user another one.
            ForbiddenError: The account is disabled.
            RateLimitedError: There were too many tries.
        """
        keys = self._auth.keys
        async with limits.counted(self._db, TRIED_BY_CLIENT, origin.address), self._db.transaction() as repos:
            ticket = await tickets.take(repos, keys, tickets.EXCHANGED, code, verifier)
            if ticket.purpose is TicketPurpose.LINKING:
                if caller is None:
                    raise UnauthenticatedError("To link an account needs a login.")
                if caller.user_id != ticket.user_id:
                    raise InvalidCredentialsError("Somebody else has begun to link this account.")
                await self._link(repos, caller, caller.user_id, ticket.identity, origin)
                return Exchanged(linked=ticket.identity.provider)
            if ticket.user_id is not None:
                details = {"provider": ticket.identity.provider.value}
                node_id = f"user_{ticket.user_id}"
                await audit.record(repos, None, origin, "oauth.logged_in", node_id, **details)
                return Exchanged(await self._auth.sessions.begin(repos, ticket.user_id, origin))
            bind_token = await tickets.issue(repos, keys, TicketPurpose.BINDING, ticket.identity)
        return Exchanged(bind_token=bind_token, nickname=ticket.identity.nickname)

    async def claim(self, repos: Repositories, bind_token: str) -> Identity:
        """
        The external account that a token is to bind, in the transaction of what it is bound to.

        Raises:
            InvalidCredentialsError: The token is over or was used, or is the code of an address.
        """
        return (await tickets.take(repos, self._auth.keys, tickets.BOUND, bind_token)).identity

    async def bind(self, repos: Repositories, identity: Identity, user_id: str, origin: Origin) -> SignIn:
        """
        Link an account to a user and log in, in a transaction of the caller's.

        Raises:
            ConflictError: The user has linked another account of this provider, or somebody this one.
            ForbiddenError: The user is disabled.
        """
        await self._link(repos, None, user_id, identity, origin)
        return await self._auth.sessions.begin(repos, user_id, origin)

    async def _outcome(
        self, begun: BegunLogin, provider_id: OAuthProvider, code: str | None
    ) -> dict[str, str]:
        provider = await self._provider(provider_id)
        if not code:
            return {"error": "DENIED"}
        identity = await provider.identify(code, self._address(CALLBACK, provider_id))
        purpose, user_id = TicketPurpose.LINKING, begun.user_id
        async with self._db.transaction() as repos:
            if user_id is None:
                purpose, user_id = TicketPurpose.LOGIN, await link_of(repos, self._auth.keys, identity)
            ticket = await tickets.issue(
                repos,
                self._auth.keys,
                purpose,
                identity,
                verifier_hash=begun.verifier_hash,
                user_id=user_id,
            )
        return {"code": ticket}

    async def _link(
        self, repos: Repositories, actor: Caller | None, user_id: str, identity: Identity, origin: Origin
    ) -> None:
        await link(repos, self._auth.keys, user_id, identity)
        details = {"provider": identity.provider.value}
        await audit.record(repos, actor, origin, "oauth.linked", f"user_{user_id}", **details)

    async def _provider(self, provider_id: OAuthProvider) -> Provider:
        allowed = await self.providers()
        if not allowed and self._auth.providers:
            raise ForbiddenError(CLOSED)
        found = next((provider for provider in allowed if provider.id is provider_id), None)
        if found is None:
            raise NotFoundError("This provider is not configured.", field=("input", "provider"))
        return found

    def _address(self, path: str, provider_id: OAuthProvider) -> str:
        return self.base + path.format(provider=provider_id.value)
