"""What can be done with notifications."""

from collections.abc import Container, Sequence
from dataclasses import dataclass

from ecoctrl_gql.db.conditions import All, Compare, Operator
from ecoctrl_gql.db.database import Database
from ecoctrl_gql.db.repositories import Repositories
from ecoctrl_gql.db.tables import NotificationRow
from ecoctrl_gql.errors import EcoctrlError, NotFoundError

MAX_TITLE, MAX_MESSAGE = 255, 500


async def notify(
    repos: Repositories, user_ids: Sequence[str], title: str, message: str | None = None
) -> list[NotificationRow]:
    """
    Write a notification to each of some users, in one statement; what is too long is cut off.

    Raises:
        ConflictError: There is no such user.
    """
    values = {"title": _cut(title, MAX_TITLE), "message": _cut(message, MAX_MESSAGE) if message else None}
    users = dict.fromkeys(user_ids)  # each is told once
    return await repos.notifications.create_many([{"user_id": user_id} | values for user_id in users])


def _cut(text: str, limit: int) -> str:
    text = text.replace("\x00", "")
    return text if len(text) <= limit else text[: limit - 1] + "…"


@dataclass(frozen=True, slots=True)
class Marked:
    """
    What became of notifications that were to be marked as read.

    Attributes:
        notifications: Those that were named, as they are now; none where all were to be marked.
        changed_count: How many had not been read before.
        unread_count: How many the user has not read now.
        errors: Why those named are not marked that are not, by key.
    """

    notifications: list[NotificationRow]
    changed_count: int
    unread_count: int
    errors: dict[str, EcoctrlError]


def of_user(user_id: str) -> Compare:
    return Compare("user_id", Operator.EQ, user_id)


def unread_of(user_id: str) -> All:
    return All((of_user(user_id), Compare("read", Operator.EQ, False)))


async def mark_read(db: Database, user_id: str, keys: Sequence[str]) -> Marked:
    """Mark some notifications of a user as read; those of others are not found."""
    async with db.transaction() as repos:
        changed = await repos.notifications.update_many(keys, unread_of(user_id), read=True)
        found = await repos.notifications.by_key().load_many(list(dict.fromkeys(keys)))
        own = {each.id: each for each in found if each is not None and each.user_id == user_id}
        unread_count = await repos.notifications.count(unread_of(user_id))
    return Marked(list(own.values()), len(changed), unread_count, _missing(keys, own))


async def mark_all_read(db: Database, user_id: str) -> Marked:
    """Mark all notifications that a user has as read; those that come meanwhile stay unread."""
    changed_count = await db.repositories().notifications.mark_all_read(user_id)
    unread_count = await db.repositories().notifications.count(unread_of(user_id))
    return Marked([], changed_count, unread_count, {})


async def delete(
    db: Database, user_id: str, keys: Sequence[str]
) -> tuple[list[str], dict[str, EcoctrlError]]:
    """
    Delete some notifications of a user.

    Returns:
        The keys of those that are gone, and why the others are not, by key.
    """
    gone = set(await db.repositories().notifications.delete_many(keys, of_user(user_id)))
    return [key for key in dict.fromkeys(keys) if key in gone], _missing(keys, gone)


def _missing(keys: Sequence[str], found: Container[str]) -> dict[str, EcoctrlError]:
    return {key: NotFoundError("There is no such notification.") for key in keys if key not in found}
