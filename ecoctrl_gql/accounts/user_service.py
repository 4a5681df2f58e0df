"""What administrators do with users. Each change leaves an entry in the audit log."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from ecoctrl_gql.auth import audit
from ecoctrl_gql.auth.audit import Origin
from ecoctrl_gql.auth.caller import Caller
from ecoctrl_gql.auth.callers import Callers
from ecoctrl_gql.auth.names import taken_names, usable_email, usable_username
from ecoctrl_gql.auth.passwords import hash_password, require_usable
from ecoctrl_gql.auth.ranks import may_act_on, may_give
from ecoctrl_gql.db.conditions import All, Compare, Operator
from ecoctrl_gql.db.database import Database
from ecoctrl_gql.db.enums import Role, UserStatus
from ecoctrl_gql.db.records import attributes
from ecoctrl_gql.db.repositories import Repositories
from ecoctrl_gql.db.tables import UserRow
from ecoctrl_gql.errors import BadInputError, ConflictError, ForbiddenError

EVERYTHING = frozenset(attributes(UserRow))
ENABLED_SUPER_ADMINS = All(
    (
        Compare("role", Operator.EQ, Role.SUPER_ADMIN.value),
        Compare("status", Operator.NE, UserStatus.DISABLED.value),
    )
)


class Users:
    """
    Changes of users by a caller.

    Args:
        db: The database.
        callers: Looks the sessions that end here up anew.
        actor: Who does it.
        origin: From where.
    """

    def __init__(self, db: Database, callers: Callers, actor: Caller, origin: Origin) -> None:
        self._db, self._callers, self._actor, self._origin = db, callers, actor, origin

    async def create(
        self, *, username: str, email: str, password: str | None, role: Role, avatar_url: str | None
    ) -> UserRow:
        """
        Make an account; without a password its owner sets one by a reset, or uses an external account.

        Raises:
            BadInputError: A value can't be used.
            ConflictError: The user name or the address is taken.
            ForbiddenError: The role is not the actor's to give.
        """
        self._require_may_give(role)
        values = await self._columns(
            {"username": username, "email": email, "password": password, "avatar_url": avatar_url}, email
        )
        async with self._db.transaction() as repos:
            with taken_names():
                user = await repos.users.create(**values, role=role.value)
            await self._record(repos, "user.created", user.id, username=user.username, role=role.value)
        return user

    async def update(self, user_id: str, given: Mapping[str, Any]) -> UserRow:
        """
        Change what is given of a user: ``username``, ``email``, ``avatar_url``, ``password``.

        Another password ends the user's sessions.

        Raises:
            NotFoundError: There is no such user.
            BadInputError, ConflictError: As for `create`.
            ForbiddenError: The user is not the actor's to change.
        """
        known = await self._db.repositories().users.get(user_id, EVERYTHING)
        values = await self._columns(given, given.get("email") or known.email)
        async with self._changing(user_id) as (repos, _):
            with taken_names():
                user = await repos.users.update(user_id, **values)
            if "password" in values:
                await self._end_sessions(repos, user_id)
            await self._record(repos, "user.updated", user_id, changed=sorted(values))
        return user

    async def set_role(self, user_id: str, role: Role) -> UserRow:
        """
        Give a user another role; it counts from the user's next request on.

        Raises:
            NotFoundError: There is no such user.
            ForbiddenError: The user, or the role, is not the actor's to change.
            ConflictError: It is the actor, or the last `super_admin`.
        """
        self._require_may_give(role)
        self._require_another(user_id, "give yourself another role")
        async with self._changing(user_id) as (repos, before):
            user = await repos.users.update(user_id, role=role.value)
            await self._require_super_admin(repos, before)
            await self._record(repos, "user.role_changed", user_id, before=before.role, after=role.value)
        return user

    async def disable(self, user_id: str) -> UserRow:
        """
        Lock a user out at once.

        Raises:
            NotFoundError, ForbiddenError, ConflictError: As for `set_role`.
        """
        self._require_another(user_id, "disable your own account")
        async with self._changing(user_id) as (repos, before):
            user = await repos.users.update(user_id, status=UserStatus.DISABLED.value)
            await self._require_super_admin(repos, before)
            await self._end_sessions(repos, user_id)
            await self._record(repos, "user.disabled", user_id, before=before.status)
        return user

    async def enable(self, user_id: str) -> UserRow:
        """
        Let a user who was locked out log in again.

        Raises:
            NotFoundError, ForbiddenError: As for `set_role`.
        """
        async with self._changing(user_id) as (repos, before):
            if before.status != UserStatus.DISABLED:
                return before
            user = await repos.users.update(user_id, status=UserStatus.OFFLINE.value)
            await self._record(repos, "user.enabled", user_id)
        return user

    async def delete(self, user_id: str) -> None:
        """
        Delete a user with all that is the user's own.

        Raises:
            NotFoundError, ForbiddenError, ConflictError: As for `set_role`.
        """
        self._require_another(user_id, "delete your own account")
        async with self._changing(user_id) as (repos, before):
            await self._end_sessions(repos, user_id)
            await repos.users.delete(user_id)
            await self._require_super_admin(repos, before)
            await self._record(repos, "user.deleted", user_id, username=before.username, role=before.role)

    @asynccontextmanager
    async def _changing(self, user_id: str) -> AsyncIterator[tuple[Repositories, UserRow]]:
        """A transaction that no other change of users crosses, and the user as it is before."""
        async with self._db.transaction() as repos:
            await repos.lock("users")  # two who each remove one of the last two would both find another
            before = await repos.users.get(user_id, EVERYTHING)
            if not may_act_on(self._actor.role, Role(before.role)):
                raise ForbiddenError(f"{before.username} is {before.role}; that is not below you.")
            yield repos, before

    async def _columns(self, given: Mapping[str, Any], email: str) -> dict[str, Any]:
        values = dict(given)
        if "email" in values:
            values["email"] = email = usable_email(email, "input", "email")
        if "username" in values:
            values["username"] = usable_username(values["username"], email, "input", "username")
        if "avatar_url" in values:
            values["avatar_url"] = usable_avatar(values["avatar_url"], "input", "avatar_url")
        if values.get("password") is not None:
            require_usable(values["password"], field=("input", "password"))
            values["password"] = await hash_password(values["password"])
        return values

    async def _end_sessions(self, repos: Repositories, user_id: str) -> None:
        self._callers.forget(*await repos.refresh_tokens.end_others(user_id))
        await repos.users.note_leaving(user_id)

    async def _require_super_admin(self, repos: Repositories, before: UserRow) -> None:
        removed = before.role == Role.SUPER_ADMIN and before.status != UserStatus.DISABLED
        if removed and not await repos.users.count(ENABLED_SUPER_ADMINS):
            raise ConflictError(f"{before.username} is the last super_admin; make another one first.")

    def _require_may_give(self, role: Role) -> None:
        if not may_give(self._actor.role, role):
            message = f"{self._actor.role} may give roles below its own only, not {role}."
            raise ForbiddenError(message, field=("input", "role"))

    def _require_another(self, user_id: str, what: str) -> None:
        if user_id == self._actor.user_id:
            raise ConflictError(f"You can't {what}; have another administrator do it.", field=("input", "id"))

    async def _record(self, repos: Repositories, action: str, user_id: str, **details: Any) -> None:
        await audit.record(repos, self._actor, self._origin, action, f"user_{user_id}", **details)


def usable_avatar(url: str | None, *path: str) -> str | None:
    """
    Where a picture is; None for none.

    Raises:
        BadInputError: It is no https address, such as a script that a page would run.
    """
    if url is None or not url.strip():
        return None
    url = url.strip()
    if not url.startswith("https://") or len(url) > 500 or any(letter.isspace() for letter in url):
        raise BadInputError("A picture needs an https address of at most 500 characters.", field=path)
    return url
