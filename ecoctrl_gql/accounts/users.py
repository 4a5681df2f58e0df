"""Users, as administrators manage them."""

from typing import Any

import strawberry
from strawberry import ID, UNSET, Info

from ecoctrl_gql.accounts.types import User
from ecoctrl_gql.accounts.user_service import Users
from ecoctrl_gql.api.access import ADMINS
from ecoctrl_gql.api.arguments import key_of
from ecoctrl_gql.api.mutations import mutation
from ecoctrl_gql.context import Context
from ecoctrl_gql.db.enums import Role
from ecoctrl_gql.db.tables import UserRow
from ecoctrl_gql.errors import BadInputError

NOW: dict[str, tuple[Any, str]] = {"user": (User, "The user as it is now.")}


@strawberry.input(description="A new user.")
class CreateUserInput:
    username: str = strawberry.field(description="The name to log in with, 2–255 characters; unique.")
    email: str = strawberry.field(description="The mail address; unique.")
    password: str | None = strawberry.field(
        default=None, description="The password, 6–1,000 characters; null for none yet."
    )
    role: Role = strawberry.field(default=Role.VIEWER, description="What the user may do; below one's own.")
    avatar_url: str | None = strawberry.field(default=None, description="Where the picture is; https.")


@strawberry.input(description="Changes of a user; what is left out stays as it is.")
class UpdateUserInput:
    id: ID = strawberry.field(description="The user.")
    username: str | None = strawberry.field(
        default=UNSET, description="The name to log in with, 2–255 characters; not null."
    )
    email: str | None = strawberry.field(default=UNSET, description="The mail address; not null.")
    password: str | None = strawberry.field(
        default=UNSET, description="A new password; it ends the user's sessions. Not null."
    )
    avatar_url: str | None = strawberry.field(
        default=UNSET, description="Where the picture is; https. Null removes it."
    )


@strawberry.input(description="A role for a user.")
class SetUserRoleInput:
    id: ID = strawberry.field(description="The user.")
    role: Role = strawberry.field(description="What the user may do from now on; below one's own.")


@strawberry.input(description="A user.")
class UserInput:
    id: ID = strawberry.field(description="The user.")


def given_fields(input: Any, *required: str) -> dict[str, Any]:
    """
    What an input gives of what it may leave out, but for its id.

    Raises:
        BadInputError: One of the required is null.
    """
    given = {name: value for name, value in vars(input).items() if name != "id" and value is not UNSET}
    for name in required:
        if name in given and given[name] is None:
            raise BadInputError(f"{name} can't be null.", field=("input", name))
    return given


def users_of(info: Info[Any, Any]) -> Users:
    """The changes of users that the caller may make."""
    context: Context = info.context
    return Users(context.db, context.auth.callers, context.person(), context.origin)


@strawberry.type
class UserMutation:
    @mutation(rule=ADMINS, description="Make an account.", gives={"user": (User, "The new user.")})
    async def create_user(self, info: Info[Any, Any], input: CreateUserInput) -> UserRow:
        return await users_of(info).create(**vars(input))

    @mutation(
        rule=ADMINS,
        description="Change a user below oneself; one's own account is changed by updateMyProfile.",
        gives=NOW,
    )
    async def update_user(self, info: Info[Any, Any], input: UpdateUserInput) -> UserRow:
        given = given_fields(input, "username", "email", "password")
        return await users_of(info).update(key_of(UserRow, input.id, "id"), given)

    @mutation(
        rule=ADMINS,
        description="Give a user another role. It counts from the next request on, and ends open websockets.",
        gives=NOW,
    )
    async def set_user_role(self, info: Info[Any, Any], input: SetUserRoleInput) -> UserRow:
        return await users_of(info).set_role(key_of(UserRow, input.id, "id"), input.role)

    @mutation(rule=ADMINS, description="Lock a user out, at once and everywhere.", gives=NOW)
    async def disable_user(self, info: Info[Any, Any], input: UserInput) -> UserRow:
        return await users_of(info).disable(key_of(UserRow, input.id, "id"))

    @mutation(rule=ADMINS, description="Let a user who was locked out log in again.", gives=NOW)
    async def enable_user(self, info: Info[Any, Any], input: UserInput) -> UserRow:
        return await users_of(info).enable(key_of(UserRow, input.id, "id"))

    @mutation(
        rule=ADMINS,
        description="Delete a user with sessions, settings, linked accounts, keys and workflows.",
        gives={"deleted_id": (ID, "The id of the user who is gone.")},
    )
    async def delete_user(self, info: Info[Any, Any], input: UserInput) -> str:
        await users_of(info).delete(key_of(UserRow, input.id, "id"))
        return input.id
