"""Another password."""

from typing import Any

import strawberry
from strawberry import Info

from ecoctrl_gql.accounts.registration import SENT, SendCodeInput
from ecoctrl_gql.api.access import ANYONE, VIEWERS
from ecoctrl_gql.api.mutations import mutation
from ecoctrl_gql.auth import password_change
from ecoctrl_gql.context import Context

CHANGED = {"changed": (bool, "True: the password is changed, and other sessions have ended.")}


@strawberry.input(description="A new password, by a code.")
class ResetPasswordInput:
    email: str = strawberry.field(description="The address that the code was sent to.")
    code: str = strawberry.field(description="The six digits that were sent.")
    new_password: str = strawberry.field(description="The new password, 6–1,000 characters.")


@strawberry.input(description="A new password, by the present one.")
class ChangePasswordInput:
    current_password: str | None = strawberry.field(
        default=None, description="The present password; null for an account that has none yet."
    )
    new_password: str = strawberry.field(description="The new password, 6–1,000 characters.")


@strawberry.type
class PasswordMutation:
    @mutation(
        rule=ANYONE,
        description="Send a code to the address of an account, to set a new password; good for five minutes"
        " and five tries. The answer is the same for an address without an account.",
        gives=SENT,
    )
    async def send_password_reset_code(self, info: Info[Any, Any], input: SendCodeInput) -> bool:
        context: Context = info.context
        await password_change.send_reset_code(context.db, context.auth, input.email, context.origin)
        return True

    @mutation(rule=ANYONE, description="Set a new password; ends all sessions.", gives=CHANGED)
    async def reset_password(self, info: Info[Any, Any], input: ResetPasswordInput) -> bool:
        context: Context = info.context
        await password_change.reset_password(
            context.db,
            context.auth,
            email=input.email,
            code=input.code,
            password=input.new_password,
            origin=context.origin,
        )
        return True

    @mutation(
        rule=VIEWERS, description="Set a new password of one's own; ends the other sessions.", gives=CHANGED
    )
    async def change_password(self, info: Info[Any, Any], input: ChangePasswordInput) -> bool:
        context: Context = info.context
        await password_change.change_password(
            context.db,
            context.auth,
            context.person(),
            current=input.current_password,
            password=input.new_password,
            origin=context.origin,
        )
        return True
