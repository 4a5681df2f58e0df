"""Logging in with the accounts of WeChat and Feishu."""

from dataclasses import dataclass
from typing import Any

import strawberry
from strawberry import Info

from ecoctrl_gql.accounts import oauth_service
from ecoctrl_gql.accounts.login import SIGNED_IN, SignedIn, signed_in
from ecoctrl_gql.accounts.oauth_service import oauth_for
from ecoctrl_gql.api.access import ANYONE, VIEWERS
from ecoctrl_gql.api.mutations import Given, mutation
from ecoctrl_gql.auth.oauth.flow import OAuth
from ecoctrl_gql.auth.oauth.steps import Begun
from ecoctrl_gql.context import Context
from ecoctrl_gql.db.enums import OAuthProvider


@strawberry.type(description="An external account provider that one may log in with.", directives=[ANYONE])
class OAuthProviderInfo:
    id: OAuthProvider = strawberry.field(description="Which one.")
    name: str = strawberry.field(description="What people call it.")
    icon: str = strawberry.field(description="The name of its icon.")


@strawberry.input(description="A login with an external account to begin.")
class StartOAuthInput:
    provider: OAuthProvider = strawberry.field(description="Whose account.")
    return_to: str = strawberry.field(
        description="The page that the browser ends at; its origin must be allowed. The fragment of its"
        " address then has `code`, for exchangeOAuthCode, or `error`: `DENIED` by the person,"
        " `PROVIDER_FAILED` or the code of another error."
    )
    link: bool = strawberry.field(
        default=False, description="Whether to link the account to the user who is logged in."
    )


@strawberry.input(description="What the browser came back with.")
class ExchangeOAuthCodeInput:
    code: str = strawberry.field(description="The `code` in the fragment of the page's address.")
    verifier: str = strawberry.field(description="What startOAuth gave along with the address.")


@strawberry.input(description="An external account for an account that is there.")
class BindOAuthInput:
    bind_token: str = strawberry.field(description="What exchangeOAuthCode gave.")
    login: str = strawberry.field(description="The user name or the mail address.")
    password: str = strawberry.field(description="The password.")


@strawberry.input(description="An external account for a new account.")
class RegisterAndBindOAuthInput:
    bind_token: str = strawberry.field(description="What exchangeOAuthCode gave.")
    username: str = strawberry.field(description="The name to log in with, 2–255 characters; unique.")
    email: str = strawberry.field(description="The address that sendRegistrationCode was called with.")
    code: str = strawberry.field(description="The six digits that were sent there.")
    password: str | None = strawberry.field(
        default=None, description="A password, to log in without the external account too."
    )


@strawberry.input(description="An external account to unlink.")
class UnlinkOAuthInput:
    provider: OAuthProvider = strawberry.field(description="Whose account.")


@dataclass(frozen=True, slots=True)
class ExchangedView:
    """What the payload of an exchange shows: a session, what is needed to bind the account, or its link."""

    access_token: str | None = None
    refresh_token: str | None = None
    expires_at: Any = None
    user: Any = None
    bind_token: str | None = None
    nickname: str | None = None
    linked: OAuthProvider | None = None


EXCHANGED: Given = SIGNED_IN | {
    "bind_token": (
        str,
        "Where nobody has linked the account yet: for bindOAuth or registerAndBindOAuth; lasts 10 minutes.",
    ),
    "nickname": (str, "What the provider calls the person, where there is a bindToken."),
    "linked": (
        OAuthProvider,
        "Where it was begun to link an account: whose the account is that is linked now.",
    ),
}


def _oauth(info: Info[Any, Any]) -> OAuth:
    context: Context = info.context
    return oauth_for(context.db, context.auth, context.request)


@strawberry.type
class OAuthQuery:
    @strawberry.field(
        name="oauthProviders",
        description="The external accounts that one may log in with; empty where the platform allows none.",
        directives=[ANYONE],
    )
    async def oauth_providers(self, info: Info[Any, Any]) -> list[OAuthProviderInfo]:
        context: Context = info.context
        config = await context.repos.platform_configs.only(frozenset({"allow_oauth_login"}))
        if config is None or not config.allow_oauth_login:
            return []
        return [
            OAuthProviderInfo(id=provider.id, name=provider.name, icon=provider.id.value)
            for provider in context.auth.providers.values()
        ]


@strawberry.type
class OAuthMutation:
    # The names are those of the API: o_auth becomes OAuth there.

    @mutation(
        rule=ANYONE,
        description="Begin a login with an external account. The page keeps the verifier, as in its session"
        " storage, and sends the browser to the address, by a link or `location.assign`.",
        gives={
            "authorize_url": (str, "Where to send the browser, once, within ten minutes."),
            "verifier": (
                str,
                "For exchangeOAuthCode, by which it knows the page that began; it belongs into no address.",
            ),
        },
    )
    async def start_o_auth(self, info: Info[Any, Any], input: StartOAuthInput) -> Begun:
        context: Context = info.context
        linking = context.person() if input.link else None
        return await _oauth(info).begin(input.provider, input.return_to, linking, context.origin)

    @mutation(
        rule=ANYONE,
        description="Exchange what the browser came back with; works once, within two minutes, for the page"
        " that began. Where it began to link an account, whoever began must be logged in still.",
        gives=EXCHANGED,
    )
    async def exchange_o_auth_code(
        self, info: Info[Any, Any], input: ExchangeOAuthCodeInput
    ) -> ExchangedView:
        context: Context = info.context
        caller = None if context.caller is None else context.person()
        exchanged = await _oauth(info).exchange(input.code, input.verifier, caller, context.origin)
        if exchanged.sign_in is None:
            return ExchangedView(
                bind_token=exchanged.bind_token, nickname=exchanged.nickname, linked=exchanged.linked
            )
        shown = await signed_in(context.db, exchanged.sign_in)
        return ExchangedView(shown.access_token, shown.refresh_token, shown.expires_at, shown.user)

    @mutation(
        rule=ANYONE,
        description="Link an external account to the account of whoever knows the password, and log in.",
        gives=SIGNED_IN,
    )
    async def bind_o_auth(self, info: Info[Any, Any], input: BindOAuthInput) -> SignedIn:
        context: Context = info.context
        sign_in = await oauth_service.bind(
            context.db,
            _oauth(info),
            context.origin,
            token=input.bind_token,
            login=input.login,
            password=input.password,
        )
        return await signed_in(context.db, sign_in)

    @mutation(
        rule=ANYONE,
        description="Make an account, link an external one to it, and log in; where the platform allows it.",
        gives=SIGNED_IN,
    )
    async def register_and_bind_o_auth(
        self, info: Info[Any, Any], input: RegisterAndBindOAuthInput
    ) -> SignedIn:
        context: Context = info.context
        sign_in = await oauth_service.register_and_bind(
            context.db,
            _oauth(info),
            context.auth,
            context.origin,
            token=input.bind_token,
            username=input.username,
            email=input.email,
            code=input.code,
            password=input.password,
        )
        return await signed_in(context.db, sign_in)

    @mutation(
        rule=VIEWERS,
        description="Unlink an external account of one's own; not the last way in.",
        gives={"unlinked": (OAuthProvider, "Whose account it was.")},
    )
    async def unlink_o_auth(self, info: Info[Any, Any], input: UnlinkOAuthInput) -> OAuthProvider:
        context: Context = info.context
        await oauth_service.unlink(context.db, context.person(), context.origin, input.provider)
        return input.provider
