"""What users do with their own account."""

from collections.abc import Mapping
from typing import Any

from ecoctrl_gql.accounts.known_keys import KnownPreferences, KnownSettings, merged
from ecoctrl_gql.accounts.user_service import usable_avatar
from ecoctrl_gql.auth import audit
from ecoctrl_gql.auth.audit import Origin
from ecoctrl_gql.auth.caller import Caller
from ecoctrl_gql.auth.login import prove_password
from ecoctrl_gql.auth.names import taken_names, usable_email, usable_username
from ecoctrl_gql.db.database import Database
from ecoctrl_gql.db.records import attributes
from ecoctrl_gql.db.tables import UserRow, UserSettingsRow
from ecoctrl_gql.errors import BadInputError

EVERYTHING = frozenset(attributes(UserRow))


async def update_profile(
    db: Database, caller: Caller, origin: Origin, given: Mapping[str, Any], current_password: str | None
) -> UserRow:
    """
    Change what is given of one's own account: ``username``, ``email``, ``avatar_url``.

    Another address takes the current password, for with the address one gets a new password.

    Raises:
        BadInputError: A value can't be used.
        ConflictError: The user name or the address is taken.
        InvalidCredentialsError, RateLimitedError: The current password is another, too often.
    """
    user = await db.repositories().users.get(caller.user_id, EVERYTHING)
    values = dict(given)
    email = user.email
    if "email" in values:
        values["email"] = email = usable_email(values["email"], "input", "email")
    if email != user.email and user.password is not None:
        if current_password is None:
            raise BadInputError(
                "Another address takes the current password.", field=("input", "current_password")
            )
        await prove_password(db, caller.user_id, user.password, current_password, origin)
    if "username" in values:
        values["username"] = usable_username(values["username"], email, "input", "username")
    if "avatar_url" in values:
        values["avatar_url"] = usable_avatar(values["avatar_url"], "input", "avatar_url")
    async with db.transaction() as repos:
        with taken_names():
            changed = await repos.users.update(caller.user_id, **values)
        await audit.record(
            repos, caller, origin, "user.updated", f"user_{caller.user_id}", changed=sorted(values)
        )
    return changed


async def update_preferences(db: Database, caller: Caller, changes: Any) -> UserRow:
    """
    Merge changes into one's own preferences; of two at the same time neither is lost.

    Raises:
        BadInputError: A known key holds what it can't.
    """
    async with db.transaction() as repos:
        await repos.lock(f"preferences of {caller.user_id}")
        user = await repos.users.get(caller.user_id, frozenset({"preferences"}))
        preferences = merged(user.preferences, changes, KnownPreferences, "input", "preferences")
        return await repos.users.update(caller.user_id, preferences=preferences)


async def update_settings(db: Database, caller: Caller, changes: Any) -> UserSettingsRow:
    """
    Merge changes into one's own settings; of two at the same time neither is lost.

    Raises:
        BadInputError: A known key holds what it can't.
    """
    async with db.transaction() as repos:
        await repos.lock(f"settings of {caller.user_id}")
        stored = await repos.user_settings.find(caller.user_id, frozenset({"settings"}))
        settings = merged(stored.settings if stored else {}, changes, KnownSettings, "input", "settings")
        if stored is None:
            return await repos.user_settings.create(user_id=caller.user_id, settings=settings)
        return await repos.user_settings.update(caller.user_id, settings=settings)
