"""Logging in, staying logged in, logging out."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import strawberry
from strawberry import ID, Info

from ecoctrl_gql.accounts.types import Me
from ecoctrl_gql.api.access import ANYONE, VIEWERS
from ecoctrl_gql.api.mutations import Given, mutation
from ecoctrl_gql.api.node import parse_id
from ecoctrl_gql.auth.login import log_in
from ecoctrl_gql.auth.sessions import SignIn
from ecoctrl_gql.context import Context
from ecoctrl_gql.db.database import Database
from ecoctrl_gql.db.records import attributes
from ecoctrl_gql.db.tables import RefreshTokenRow, UserRow
from ecoctrl_gql.errors import NotFoundError


@dataclass(frozen=True, slots=True)
class SignedIn:
    """What the payload of a login shows."""

    access_token: str
    refresh_token: str
    expires_at: datetime
    user: UserRow


SIGNED_IN: Given = {
    "access_token": (str, "To be sent as `Authorization: Bearer …`; good for a quarter of an hour."),
    "refresh_token": (
        str,
        "To be exchanged once by refreshSession; good for 7 days. Keep it where no other page reads it.",
    ),
    "expires_at": (datetime, "When the access token expires."),
    "user": (Me, "Who is logged in."),
}


@strawberry.input(description="A name and its password.")
class LoginInput:
    login: str = strawberry.field(description="The user name or the mail address, whatever its case.")
    password: str = strawberry.field(description="The password.")


@strawberry.input(description="The refresh token of a session.")
class RefreshSessionInput:
    refresh_token: str = strawberry.field(description="The one that came last.")


@strawberry.input(description="A session to end.")
class EndSessionInput:
    id: ID = strawberry.field(description="The global id of one's own session.")


async def signed_in(db: Database, sign_in: SignIn) -> SignedIn:
    """What a login gives, with the account as it is now."""
    user = await db.repositories().users.get(sign_in.user_id, frozenset(attributes(UserRow)))
    return SignedIn(
        access_token=sign_in.access_token.text,
        refresh_token=sign_in.refresh_token,
        expires_at=sign_in.access_token.expires_at,
        user=user,
    )


@strawberry.type
class LoginMutation:
    @mutation(rule=ANYONE, description="Log in with a name and a password.", gives=SIGNED_IN)
    async def login(self, info: Info[Any, Any], input: LoginInput) -> SignedIn:
        context: Context = info.context
        sign_in = await log_in(context.db, context.auth.sessions, input.login, input.password, context.origin)
        return await signed_in(context.db, sign_in)

    @mutation(
        rule=ANYONE,
        description=(
            "Exchange a refresh token for a new one and a new access token. Each works once; used again"
            " within the overlap of some seconds it gives the tokens that took its place, later it ends"
            " its session."
        ),
        gives=SIGNED_IN,
    )
    async def refresh_session(self, info: Info[Any, Any], input: RefreshSessionInput) -> SignedIn:
        context: Context = info.context
        return await signed_in(
            context.db, await context.auth.sessions.refresh(input.refresh_token, context.origin)
        )

    @strawberry.mutation(
        description="Log out: end the session of this request. True where there was one.",
        directives=[VIEWERS],
    )
    async def logout(self, info: Info[Any, Any]) -> bool:
        context: Context = info.context
        caller = context.signed_in()
        if caller.session_id is None:
            return False
        return await context.auth.sessions.end(caller, caller.session_id, context.origin)

    @mutation(
        rule=VIEWERS,
        description="End one of one's own sessions, such as that of a device that was lost.",
        gives={"ended_session_id": (ID, "The global id of the session that was ended.")},
    )
    async def end_session(self, info: Info[Any, Any], input: EndSessionInput) -> str:
        context: Context = info.context
        session_id = parse_id(RefreshTokenRow, input.id)
        if not await context.auth.sessions.end(context.person(), session_id, context.origin):
            raise NotFoundError("There is no such session of yours.", field=("input", "id"))
        return input.id

    @strawberry.mutation(
        description="End all of one's own sessions but that of this request; gives how many there were.",
        directives=[VIEWERS],
    )
    async def end_other_sessions(self, info: Info[Any, Any]) -> int:
        context: Context = info.context
        caller = context.person()
        return await context.auth.sessions.end_others(caller, context.origin)
