"""Making an account by oneself."""

from typing import Any

import strawberry
from strawberry import Info

from ecoctrl_gql.accounts.login import SIGNED_IN, SignedIn, signed_in
from ecoctrl_gql.api.access import ANYONE
from ecoctrl_gql.api.mutations import mutation
from ecoctrl_gql.auth import registration
from ecoctrl_gql.context import Context

SENT = {"accepted": (bool, "True: if the address can be used, a letter is on its way to it.")}


@strawberry.input(description="An address to send a code to.")
class SendCodeInput:
    email: str = strawberry.field(description="The mail address.")


@strawberry.input(description="A new account of one's own.")
class RegisterInput:
    username: str = strawberry.field(description="The name to log in with, 2–255 characters; unique.")
    email: str = strawberry.field(description="The address that the code was sent to.")
    password: str = strawberry.field(description="The password, 6–1,000 characters.")
    code: str = strawberry.field(description="The six digits that were sent.")


@strawberry.type
class RegistrationMutation:
    @mutation(
        rule=ANYONE,
        description="Send a code to an address, to register with it; good for five minutes and five tries."
        " The answer is the same for an address that has an account, which is told in the letter alone.",
        gives=SENT,
    )
    async def send_registration_code(self, info: Info[Any, Any], input: SendCodeInput) -> bool:
        context: Context = info.context
        await registration.send_registration_code(context.db, context.auth, input.email, context.origin)
        return True

    @mutation(
        rule=ANYONE,
        description="Make an account that may look, and log in; where the platform allows it.",
        gives=SIGNED_IN,
    )
    async def register(self, info: Info[Any, Any], input: RegisterInput) -> SignedIn:
        context: Context = info.context
        sign_in = await registration.register(context.db, context.auth, **vars(input), origin=context.origin)
        return await signed_in(context.db, sign_in)
