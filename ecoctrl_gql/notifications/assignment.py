"""Giving work to a user, who is told of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from ecoctrl_gql.checks import about
from ecoctrl_gql.db.base import Base
from ecoctrl_gql.db.conditions import Compare, Operator
from ecoctrl_gql.db.enums import Role, UserStatus
from ecoctrl_gql.db.records import attributes
from ecoctrl_gql.db.repositories import Repositories
from ecoctrl_gql.db.repositories.batches import BatchRepository
from ecoctrl_gql.errors import BadInputError, NotFoundError
from ecoctrl_gql.notifications.service import notify

WorkT = TypeVar("WorkT", bound=Base)

ABOUT = frozenset({"username", "role", "status"})


@dataclass(frozen=True, slots=True)
class Assigned:
    """What a user is told of the work."""

    title: str
    message: str | None


async def assign(
    repos: Repositories,
    work: BatchRepository[WorkT],
    key: str,
    user_id: str | None,
    *,
    by: str,
    tell: Callable[[WorkT], Assigned],
) -> WorkT:
    """
    Put a user in the column ``assignee_id`` of a row, and notify the user where that is news.

    Args:
        repos: The repositories of a transaction.
        work: The one of the table.
        key: The row.
        user_id: The user; None for nobody.
        by: Who asks for it, who needs no notification.
        tell: What to tell of the row.

    Raises:
        NotFoundError: There is no such row or user.
        BadInputError: The user may not do such work.
    """
    if user_id is not None:
        await check_assignee(repos, user_id)
    other = Compare("assignee_id", Operator.NE, user_id)
    if user_id is None:
        other = Compare("assignee_id", Operator.IS_NULL, False)
    changed = await work.update_many([key], other, assignee_id=user_id)
    if not changed:
        with about("input", "id"):
            return await work.get(key, frozenset(attributes(work.row_type)))
    if user_id not in (None, by):
        told = tell(changed[0])
        await notify(repos, [str(user_id)], told.title, told.message)
    return changed[0]


async def check_assignee(repos: Repositories, user_id: str) -> None:
    """
    Make sure that a user can be given work.

    Raises:
        NotFoundError: There is no such user.
        BadInputError: The account is disabled, or its role is too low to do anything.
    """
    path = ("input", "assignee_id")
    user = await repos.users.find(user_id, ABOUT)
    if user is None:
        raise NotFoundError("There is no such user.", field=path)
    if user.status == UserStatus.DISABLED:
        raise BadInputError(f"The account of {user.username} is disabled.", field=path)
    if Role[user.role.upper()].rank < Role.OPERATOR.rank:
        raise BadInputError(f"{user.username} is {user.role}; work takes an operator at least.", field=path)
